import { shortText } from "./shortText";

/** When a breakpoint that has been come to is one to stop at. */
export interface Hits {
  /** As in `3`, `>= 3`, `% 10`; by default each time. */
  hitCondition?: string;
}

/** Text, or an expression in braces, of what a log point writes. */
export interface LogPart {
  text?: string;
  code?: string;
}

/** Operators in the hit conditions that front ends know. */
const HIT_CONDITION = /^\s*(>=|<=|>|<|==|=|%)?\s*(\d+)\s*$/;

/**
 * Counts how often breakpoints are come to, and collects what log points write. V8 calls it while it
 * decides whether to stop, so a log point in a loop costs no stop.
 */
export class LogPoints {
  private readonly counts = new Map<number, { hits: number } & Hits>();

  /** @param tell is called with what a breakpoint writes */
  constructor(private readonly tell: (id: number, text: string) => void) {}

  /** A log message such as `loss is {loss}`, in parts. */
  static partsOf(message: string): LogPart[] {
    return message
      .split(/(\{[^{}]+\})/)
      .filter((part) => part !== "")
      .map((part) => (/^\{.+\}$/.test(part) ? { code: part.slice(1, -1) } : { text: part }));
  }

  /** Does a text say when to stop? */
  static isHitCondition(text: string): boolean {
    return HIT_CONDITION.test(text);
  }

  add(id: number, hits: Hits): void {
    this.counts.set(id, { hits: 0, ...hits });
  }

  delete(id: number): void {
    this.counts.delete(id);
  }

  /** Is it time to stop? An error in the condition is written, once in a while, and means no. */
  hits(id: number, condition: () => unknown): boolean {
    const known = this.counts.get(id);
    try {
      if (!condition()) {
        return false;
      }
    } catch (error) {
      if (known && known.hits++ === 0) {
        this.tell(id, `The breakpoint's condition failed: ${String(error)}`);
      }
      return false;
    }
    if (!known) {
      return true;
    }
    known.hits++;
    const [, operator = "=", count] = HIT_CONDITION.exec(known.hitCondition ?? "") ?? [];
    return count === undefined || isHit(operator, known.hits, Number(count));
  }

  /** Writes a line. @returns false: a log point does not stop */
  log(id: number, parts: readonly string[]): boolean {
    this.tell(id, parts.join(""));
    return false;
  }

  /** A value for a line that is written; a text is written as it is. */
  shown(value: () => unknown): string {
    try {
      const given = value();
      return typeof given === "string" ? given : shortText(given);
    } catch (error) {
      return String(error);
    }
  }
}

function isHit(operator: string, hits: number, count: number): boolean {
  switch (operator) {
    case ">=":
      return hits >= count;
    case ">":
      return hits > count;
    case "<=":
      return hits <= count;
    case "<":
      return hits < count;
    case "%":
      return count > 0 && hits % count === 0;
    default:
      return hits === count;
  }
}
