// What `npm test` says at its end.

/**
 * `failures` has a text for each that failed: where, which and why.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, failures?: string[] }} Counts
 */
/** @typedef {Counts & { name: string, seconds: number }} Row */

/**
 * What failed, once more where it is seen; a table of the checks and, as the last line, their sum in
 * a form that machines read, too.
 *
 * @param {Row[]} rows
 * @returns {string}
 */
export function summarize(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length), "check".length) + 2;
  const line = (name, ...cells) =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join("");
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const skipped = sum("skipped");
  const failures = rows.flatMap(({ name, failures: texts = [] }) =>
    texts.map((text) => `failed in ${name}: ${text}\n`),
  );
  return [
    ...failures,
    line("check", "passed", "failed", "skipped", "seconds"),
    ...rows.map((row) =>
      line(row.name, row.passed, row.failed, row.skipped, row.seconds.toFixed(1)),
    ),
    "",
    `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  ].join("\n");
}
