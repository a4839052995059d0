import { isNumberText } from "./numberText";

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
