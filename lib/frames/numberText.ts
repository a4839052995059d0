/** How numbers are written. */
export interface NumberStyle {
  /** The mark before the decimal places. */
  decimal: "." | ",";
  /** The mark between groups of digits, if there is one. */
  thousands?: string;
}

const infinity = /^[+-]?inf(inity)?$/i;
const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a text is a number as programs write it, with a decimal point, or an infinity. */
export function isNumberText(text: string): boolean {
  const trimmed = text.trim();
  return plain.test(trimmed) || infinity.test(trimmed);
}

/** What a text without blanks around it says: a number, or undefined where it is none. */
export type NumberReader = (text: string) => number | undefined;

/**
 * Reads numbers in one style: digits, decimal places and an exponent as in 1e-3; `inf` and `infinity`,
 * as pandas and R write them, in any case. Groups between marks have three digits, or two, as in India
 * (12,34,567), but the last has three.
 */
export function numberReader({ decimal, thousands }: NumberStyle): NumberReader {
  const simple = decimal === "." && thousands === undefined;
  const mark = thousands === undefined ? undefined : markPattern(thousands);
  const digits = mark === undefined ? "\\d+" : `(\\d+|\\d{1,3}(${mark}\\d{2,3})*${mark}\\d{3})`;
  const point = decimal === "." ? "\\." : ",";
  const number = new RegExp(`^[+-]?(${digits}(${point}\\d*)?|${point}\\d+)(e[+-]?\\d+)?$`, "i");
  const marks = mark === undefined ? undefined : new RegExp(mark, "g");
  return (text) => {
    if (number.test(text)) {
      if (simple) {
        return Number(text);
      }
      const joined = marks === undefined ? text : text.replace(marks, "");
      return Number(decimal === "," ? joined.replace(",", ".") : joined);
    }
    if (!infinity.test(text)) {
      return undefined;
    }
    return text.startsWith("-") ? -Infinity : Infinity;
  };
}

/** A blank between digits is often one that keeps them on a line. */
function markPattern(thousands: string): string {
  if (/^[ \u00a0\u202f]$/.test(thousands)) {
    return "[ \\u00a0\\u202f]";
  }
  return `[${thousands.replace(/[\\\]^-]/, "\\$&")}]`;
}

/**
 * Whether a text is a whole number, and whether a number of JavaScript, printed, shows the same digits
 * again. Where they do for two different texts, these are two different numbers.
 */
export function wholeNumber(text: string, style: NumberStyle): "no" | "exact" | "inexact" {
  const joined =
    style.thousands === undefined
      ? text
      : text.replace(new RegExp(markPattern(style.thousands), "g"), "");
  if (!/^[+-]?\d+$/.test(joined)) {
    return "no";
  }
  const digits = joined.replace(/^[+-]?0*/, "");
  if (digits.length < 16) {
    return "exact";
  }
  const [mantissa, exponent] = Number(digits).toExponential().split("e");
  const same = mantissa.replace(".", "") === digits.replace(/0+$/, "");
  return same && Number(exponent) === digits.length - 1 ? "exact" : "inexact";
}

const marks = /^(n\.? ?a\.?n?|n\/?d|nil|none|null|unknown|missing|void|[-–—.?*_]+|#\S.*)$/i;

/**
 * Why a text is perhaps no number, and what to do about it: how people write numbers and gaps is known
 * well enough.
 *
 * @param column its column, for the option to pass
 * @returns undefined where it is any text
 */
export function adviceFor(text: string, column: string): string | undefined {
  const cell = text.trim();
  const asText = `{ types: { ${JSON.stringify(column)}: "number" } }`;
  if (/^[+-]?\d{16,}$/.test(cell)) {
    return (
      "The column has whole numbers of more digits than a number can hold, so that it was kept as texts. " +
      `If they name the rows, leave the column out; readCsv(..., ${asText}) rounds them.`
    );
  }
  if (isNumberText(cell)) {
    return `The column was kept as texts. Read it by readCsv(..., ${asText}).`;
  }
  if (cell === "") {
    return 'An empty text stands for a missing value only where readCsv(..., { missing }) has "" among its marks.';
  }
  const grouped =
    /^[+-]?\d{1,3}(?<mark>[.,' \u00a0\u202f])\d{3}(\k<mark>\d{3})*(?<rest>[.,]\d+)?$/.exec(cell);
  const { mark, rest } = grouped?.groups ?? {};
  if (mark === "," && rest === undefined && cell.indexOf(",") === cell.lastIndexOf(",")) {
    return (
      'If the comma is a decimal comma, read the file by readCsv(..., { decimal: "," }); if it parts ' +
      'thousands, by readCsv(..., { thousands: "," }).'
    );
  }
  if (mark !== undefined && rest?.[0] !== mark) {
    const decimal = rest?.startsWith(",") || mark === "." ? 'decimal: ",", ' : "";
    return `Read the file by readCsv(..., { ${decimal}thousands: ${JSON.stringify(mark)} }).`;
  }
  if (/^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(cell)) {
    return 'It has a decimal comma: read the file by readCsv(..., { decimal: "," }).';
  }
  if (marks.test(cell)) {
    return (
      "If it stands for a missing value, read the file by " +
      `readCsv(..., { missing: [...missingMarks, ${JSON.stringify(text)}] }).`
    );
  }
  return undefined;
}
