import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { writeAtomically } from "../../../lib/host/node/writeAtomically";
import { type ClassroomReport, markdown } from "./report";
import type { TrialOptions } from "./trial";

export type { TrialOptions };
export { markdown as classroomMarkdown };

const ROOT = resolve(__dirname, "../../..");

/** Where the figures are written. */
export const CLASSROOM_REPORT = resolve(ROOT, "build/classroom.json");

/**
 * Has a class of students, Unix users made for it, run a lesson in fast mode at the same time on
 * JupyterHub with the classroom's configuration and this installation; measures memory and times, and
 * lets one student try to get at another's work. Afterwards hub and users are gone.
 *
 * @throws Error where a lesson fails, or the hub does not start; it has said why
 */
export async function tryClassroom(options: TrialOptions): Promise<ClassroomReport> {
  // Node 20 has WebSockets behind this switch only.
  const child = spawn(
    process.execPath,
    [
      "--experimental-websocket",
      "--no-warnings",
      "-r",
      require.resolve("tsx/cjs"),
      resolve(__dirname, "trial.ts"),
      JSON.stringify(options),
    ],
    { stdio: ["ignore", "pipe", "inherit"], cwd: ROOT },
  );
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const output = await text(child.stdout);
  if ((await ended) !== 0) {
    throw new Error("The trial of a classroom failed, for the reason above.");
  }
  const report = JSON.parse(output) as ClassroomReport;
  writeAtomically(CLASSROOM_REPORT, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
