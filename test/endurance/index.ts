import { resolve } from "node:path";
import { writeAtomically } from "../../lib/host/node/writeAtomically";
import { type Reading, type Verdict, verdictsOn } from "./course";
import { manyNotebooks } from "./notebooks";
import { longSession } from "./session";
import { longTraining } from "./training";

export interface EnduranceOptions {
  /** Cells of the long session. */
  cells: number;
  /** How long that session lasts. */
  minutes: number;
  /** Notebooks that are executed one after another. */
  notebooks: number;
  /** Steps of the long training. */
  steps: number;
}

const PARTS = { session: longSession, notebooks: manyNotebooks, training: longTraining };

export type EndurancePart = keyof typeof PARTS;
export const enduranceParts = Object.keys(PARTS) as EndurancePart[];

/** Where a part's figures are written. */
export const enduranceReport = (part: EndurancePart) =>
  resolve(__dirname, `../../build/endurance/${part}.json`);

const WHAT = { session: "cells", notebooks: "notebooks", training: "steps" };
const FIGURES = { milliseconds: "ms each", memoryMb: "MB of memory", handles: "open files" };

/**
 * Runs one part and tells whether it stayed as it was. Readings go to standard error while it runs,
 * and to build/endurance.
 *
 * @throws Error where an answer was wrong or something was left over
 */
export async function endure(part: EndurancePart, options: EnduranceOptions): Promise<Verdict[]> {
  const readings: Reading[] = [];
  const begun = performance.now();
  await PARTS[part](options, (reading) => {
    readings.push(reading);
    const { done, milliseconds, memoryMb, handles } = reading;
    console.error(
      `${done} ${WHAT[part]}: ${milliseconds.toFixed(1)} ms each, ` +
        `${memoryMb.toFixed(0)} MB, ${handles} open files`,
    );
  });
  const minutes = (performance.now() - begun) / 60_000;
  const verdicts = verdictsOn(readings);
  const report = { part, minutes, done: readings.at(-1)?.done, verdicts, readings };
  writeAtomically(enduranceReport(part), `${JSON.stringify(report, null, 2)}\n`);
  return verdicts;
}

/** What a part's verdicts say, a line each. */
export function enduranceLines(part: EndurancePart, verdicts: readonly Verdict[]): string[] {
  return verdicts.map(
    ({ figure, early, late, limit, flat }) =>
      `${part}: ${FIGURES[figure]} ${early.toFixed(1)} in the second quarter, ` +
      `${late.toFixed(1)} in the last: ${flat ? "flat" : `GROWN, over ${limit.toFixed(1)}`}`,
  );
}
