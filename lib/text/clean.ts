/** What to clean a text of; nothing by default. */
export interface CleanOptions {
  /** Make all letters small. Default false. */
  lowerCase?: boolean;
  /**
   * Take out what the audience did: `[Applause]`, `(Laughter and cheers)`, `[Audience: ...]`, in
   * square or round brackets. Default false.
   */
  removeMarks?: boolean;
  /** Take out lines that hold nothing but a date, or a place and a date. Default false. */
  removeDates?: boolean;
  /** Keep only these characters. Default: all. */
  characters?: string;
}

const MARK_WORDS =
  "applause|laughter|laughs?|cheers?|cheering|boos?|booing|chants?|chanting|audience|crosstalk|" +
  "cross talk|inaudible|unintelligible|standing ovation|interruption|pause";
// The blank before goes with the mark, so that none is doubled.
const MARK = new RegExp(
  `[ \\t]*(?:\\[(?=[^\\]]*\\b(?:${MARK_WORDS})\\b)[^\\]\\[]{1,120}\\]` +
    `|\\((?=[^)]*\\b(?:${MARK_WORDS})\\b)[^)(]{1,120}\\))`,
  "giu",
);

const MONTH =
  "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|" +
  "Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?";
const DAY = "\\d{1,2}(?:st|nd|rd|th)?";
const DATE =
  `(?:${MONTH} ${DAY},? \\d{4}|${DAY} (?:of )?${MONTH},? \\d{4}|` +
  "\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}[./]\\d{2,4})";
const WEEKDAY = "(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?";
const PLACE = "(?:\\p{Lu}[\\p{L}.]*,? ){0,4}?";
const DATE_LINE = new RegExp(
  `^[ \\t]*[\\[(]?${PLACE}${WEEKDAY}${DATE}[.,:]?[\\])]?[ \\t]*(?:\\r?\\n|(?![\\s\\S]))`,
  "gmu",
);

/** A paragraph without a blank line is cut here, so that one endless line does not fill the memory. */
const LONGEST_PARAGRAPH = 65_536;

/**
 * Cleans a text, paragraph by paragraph: a paragraph ends at a blank line, and a mark or a date never
 * goes on in the next one.
 *
 * @example
 * cleanText("Thank you. [Applause] God bless you.", { removeMarks: true }); // "Thank you. God bless you."
 */
export function cleanText(text: string, options: CleanOptions): string {
  const paragraphs = new Paragraphs();
  const clean = cleaner(options);
  return [...paragraphs.of(text), ...paragraphs.last()].map(clean).join("");
}

/** As `cleanText`, for a text that comes in pieces, cut anywhere but within a character. */
export async function* cleanPieces(
  pieces: AsyncIterable<string> | Iterable<string>,
  options: CleanOptions,
): AsyncGenerator<string> {
  const paragraphs = new Paragraphs();
  const clean = cleaner(options);
  for await (const piece of pieces) yield paragraphs.of(piece).map(clean).join("");
  yield paragraphs.last().map(clean).join("");
}

function cleaner(options: CleanOptions): (paragraph: string) => string {
  const kept = options.characters === undefined ? undefined : new Set(options.characters);
  return (paragraph) => {
    let text = paragraph;
    if (options.removeDates) text = text.replace(DATE_LINE, "");
    if (options.removeMarks) text = text.replace(MARK, "");
    if (options.lowerCase) text = text.toLowerCase();
    if (kept) text = Array.from(text, (symbol) => (kept.has(symbol) ? symbol : "")).join("");
    return text;
  };
}

/** Puts paragraphs together from pieces of a text; together they are the text. */
class Paragraphs {
  private rest = "";

  /** The paragraphs that are complete with one more piece. */
  of(piece: string): string[] {
    const text = this.rest + piece;
    const complete: string[] = [];
    const blankLine = /\n\r?\n/g;
    let begin = 0;
    for (let match = blankLine.exec(text); ; ) {
      const end = match ? match.index + match[0].length : Number.POSITIVE_INFINITY;
      const limit = begin + LONGEST_PARAGRAPH;
      if (end <= limit) {
        complete.push(text.slice(begin, end));
        begin = end;
        match = blankLine.exec(text);
      } else if (limit < text.length) {
        const cut = limit - (isHighSurrogate(text.charCodeAt(limit - 1)) ? 1 : 0);
        complete.push(text.slice(begin, cut));
        begin = cut;
        blankLine.lastIndex = begin;
        match = blankLine.exec(text);
      } else {
        this.rest = text.slice(begin);
        return complete;
      }
    }
  }

  last(): string[] {
    return [this.rest];
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
