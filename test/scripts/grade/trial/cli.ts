// npm run test:grade: grades 200 submissions that are made from the lessons' solutions, and compares what is
// said of each answer with what it is.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { ready } from "../../../../lib/engine/tensorflow";
import { gradeAll } from "../../../../scripts/grade/markers";
import { whyNoSandbox } from "../../../../scripts/grade/sandbox";
import { findSubmissions } from "../../../../scripts/grade/submissions";
import { partNamed, writeByHand } from "./byHand";
import { confusionOf, confusionText } from "./confusion";
import { writeSubmissions } from "./submissions";

/** Seconds of a cell, for a trial that is not to take all day. */
const LIMITS = { cell: 10, notebook: 60, memory: 1500 * 2 ** 20 };

interface TrialOptions {
  size: number;
  jobs: number;
  /** Instead of those that are made: a part of those that were written by hand. */
  byHand?: string;
}

async function run({ size, jobs, byHand }: TrialOptions): Promise<void> {
  const reason = whyNoSandbox();
  if (reason !== undefined) {
    throw new Error(
      `The trial runs hostile code and needs the sandbox, which is not there: ${reason}.`,
    );
  }
  await ready();
  const folder = mkdtempSync(join(tmpdir(), "karenina-trial-"));
  const server = createServer((_, reply) => reply.end("15")).listen(0, "127.0.0.1");
  let asked = 0;
  server.on("request", () => {
    asked += 1;
  });
  try {
    await new Promise((listening) => server.once("listening", listening));
    const { port } = server.address() as AddressInfo;
    const expected =
      byHand === undefined
        ? writeSubmissions(folder, size, port)
        : writeByHand(folder, partNamed(byHand));
    const begun = performance.now();
    let done = 0;
    const grades = await gradeAll(findSubmissions(folder), {
      enclosed: true,
      jobs,
      limits: LIMITS,
      onGrade: ({ submission, status, seconds, work }) => {
        done += 1;
        const time = `${seconds.toFixed(1)} s, ${work.toFixed(1)} s of work`;
        console.log(`${done} of ${expected.length}  ${submission.name}  ${status}  ${time}`);
      },
    });
    const minutes = (performance.now() - begun) / 60_000;
    const confusion = confusionOf(expected, grades);
    console.log(confusionText(confusion));
    console.log(
      `${expected.length} submissions in ${minutes.toFixed(1)} minutes, ${jobs} at once, on ` +
        `${availableParallelism()} cores (${cpus()[0]?.model}); processor time ` +
        `${(grades.reduce((sum, { work }) => sum + work, 0) / 60).toFixed(1)} minutes`,
    );
    if (confusion.faults.length > 0 || asked > 0) {
      throw new Error(`${confusion.faults.length} faults; the network was asked ${asked} times.`);
    }
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

new Command("test:grade")
  .option("--size <n>", "submissions", Number, 200)
  .option("--jobs <n>", "at once", Number, 2)
  .option("--by-hand <part>", "instead: right, wrong or hostile ones that were written by hand")
  .action(run)
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
