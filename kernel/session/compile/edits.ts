/** A piece of text to be put in front of the character at `position`. */
interface Insertion {
  position: number;
  text: string;
  closes: boolean;
  order: number;
}

/** A text with insertions, which maps positions between the text as written and as edited. */
export interface EditedText {
  text: string;
  /** From an offset in the edited text to one in the original. */
  toOriginal(offset: number): number;
  /** From an offset in the original text to one in the edited. */
  toEdited(offset: number): number;
  /** Does an offset in the edited text lie in the original, and not in what was inserted? */
  isWritten(offset: number): boolean;
}

/**
 * Collects insertions while a syntax tree is walked from the outside in. Nothing is ever removed
 * and no line break is inserted, so line numbers stay what they were.
 */
export class Edits {
  private readonly insertions: Insertion[] = [];

  /** Text that opens something: at one position the outer, added first, stands first. */
  open(position: number, text: string): void {
    this.insertions.push({ position, text, closes: false, order: this.insertions.length });
  }

  /** Text that comes before all else at its position. */
  ahead(position: number, text: string): void {
    this.insertions.push({ position, text, closes: false, order: -1 });
  }

  /** Text that closes something: at one position the inner, added last, stands first. */
  close(position: number, text: string): void {
    this.insertions.push({ position, text, closes: true, order: -this.insertions.length });
  }

  /** The original with a header in front of its first line and everything inserted. */
  apply(original: string, header = ""): EditedText {
    const sorted = [...this.insertions].sort(
      (a, b) => a.position - b.position || Number(b.closes) - Number(a.closes) || a.order - b.order,
    );
    // Each segment is a run of original text: where it begins in the original and in the result.
    const segments = [{ original: 0, edited: header.length }];
    let text = header;
    let at = 0;
    for (const { position, text: inserted } of sorted) {
      text += original.slice(at, position) + inserted;
      at = position;
      segments.push({ original: at, edited: text.length });
    }
    text += original.slice(at);
    return {
      text,
      toOriginal(offset) {
        const index = lastIndex(segments, (segment) => segment.edited <= offset);
        const { original: start, edited } = segments[index];
        const end = segments[index + 1]?.original ?? original.length;
        return Math.max(0, Math.min(start + offset - edited, end));
      },
      toEdited(offset) {
        const index = lastIndex(segments, (segment) => segment.original <= offset);
        return segments[index].edited + offset - segments[index].original;
      },
      isWritten(offset) {
        const index = lastIndex(segments, (segment) => segment.edited <= offset);
        const { original: start, edited } = segments[index];
        const end = segments[index + 1]?.original ?? original.length;
        return offset >= edited && start + offset - edited < end;
      },
    };
  }
}

/** The last index whose element satisfies a condition that holds for a leading run; at least 0. */
function lastIndex<T>(sorted: T[], holds: (element: T) => boolean): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(sorted[middle])) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
