import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { Grade } from "../../../scripts/grade/gradeSubmission";
import { gradeAll } from "../../../scripts/grade/markers";
import { gradescopeResults, marksCsv } from "../../../scripts/grade/report";
import { whyNoSandbox } from "../../../scripts/grade/sandbox";
import { findSubmissions } from "../../../scripts/grade/submissions";
import { temporaryFolder } from "../../lib/datasets/workspace";
import { prying } from "./trial/hostile";

const enclosed = whyNoSandbox() === undefined;

/** A notebook of lesson 00 with these code cells behind its import, and outputs that say that all is right. */
function notebookOf(codes: readonly string[]): string {
  const cells = ['import { check } from "karenina-lessons";', ...codes].map((source, i) => ({
    cell_type: "code",
    id: `c${i}`,
    metadata: {},
    source,
    execution_count: i,
    outputs: [{ output_type: "stream", name: "stdout", text: "✓ Right" }],
  }));
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
}

/** Grades submissions of lesson 00 by one process. */
async function graded(
  folder: string,
  submissions: Record<string, readonly string[]>,
): Promise<Map<string, Grade>> {
  for (const [student, codes] of Object.entries(submissions)) {
    writeFileSync(join(folder, `${student}-00-welcome.ipynb`), notebookOf(codes));
  }
  const grades = await gradeAll(findSubmissions(folder), {
    enclosed,
    jobs: 1,
    due: new Date(Date.now() - 3_600_000),
    limits: { cell: 3, notebook: 60, memory: 1500 * 2 ** 20 },
  });
  return new Map(grades.map((grade) => [grade.submission.name.replace("-00-welcome", ""), grade]));
}

test("right, wrong, guessing, empty, endless, greedy, ending and broken submissions each get their words", {
  timeout: 1_800_000,
}, async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "broken-00-welcome.ipynb"), '{"cells": [');
  const grades = await graded(folder, {
    right: [
      "check.neuron((x, w, b) => 1 - 2 / (Math.exp(2 * (w * x + b)) + 1));",
      "check.cellRunThrice(16 - 1);",
      'check.guessFault(" Too large");',
    ],
    wrong: ["check.neuron((x, w, b) => Math.tanh(w * x) + b);", "check.cellRunThrice(7);"],
    guessing: ["for (let i = 0; i < 99; i++) check.cellRunThrice(i);"],
    empty: ["check.cellRunThrice(NaN);"],
    endless: ["check.cellRunThrice(15);", "for (;;) {}", "check.shapeThatFits([3, 4]);"],
    ending: ["process.exit(0);", "check.shapeThatFits([3, 4]);"],
    greedy: [
      "check.cellRunThrice(15);",
      // As V8 ends a process: a long trace stands behind the words that tell why.
      `import { writeSync } from "node:fs";
const trace = " 1: 0xb78db3 [node]\\n".repeat(500);
writeSync(2, "FATAL ERROR: JavaScript heap out of memory\\n" + trace);
process.abort();`,
    ],
    throwing: [
      'const one = 1;\nif (one === 1) throw new Error("so");\nconst two = 2;',
      "check.neuron((x, w, b) => Math.tanh(w * x + b));",
    ],
    mistyped: ['check.shapeThatFits([3, 4]);\nconst n: number = "one";'],
  });
  const seen = [...grades].map(([name, { status, outcomes }]) => {
    return [name, status, outcomes.neuron, outcomes.cellRunThrice, outcomes.shapeThatFits];
  });
  assert.deepEqual(seen, [
    ["broken", "broken", undefined, undefined, undefined],
    ["empty", "empty", "not tried", "not tried", "not tried"],
    ["ending", "died", "not tried", "not tried", "right"],
    ["endless", "time limit", "not tried", "right", "right"],
    ["greedy", "memory limit", "not tried", "right", "not tried"],
    ["guessing", "graded", "not tried", "wrong", "not tried"],
    ["mistyped", "empty", "not tried", "not tried", "not tried"],
    ["right", "graded", "right", "right", "not tried"],
    ["throwing", "graded", "right", "not tried", "not tried"],
    ["wrong", "graded", "wrong", "wrong", "not tried"],
  ]);
  assert.ok([...grades.values()].every(({ late }) => late));
  assert.equal(grades.get("right")?.outcomes.guessFault, "right");
  assert.equal(grades.get("endless")?.reason, "cell 3 took longer than 3 seconds");
  assert.equal(grades.get("greedy")?.reason, "cell 3 took more memory than it may have");
  assert.equal(grades.get("ending")?.reason, "cell 2 ended the process that it ran in");
  assert.match(grades.get("mistyped")?.remarks.join() ?? "", /^cell 2: .*TS2322/);
  const table = marksCsv([...grades.values()], { neuron: 3 }).split("\r\n");
  assert.match(
    table[0],
    /^student,submission,status,late,score,max_score,remarks,cellRunThrice,neuron,/,
  );
  assert.equal(table[8], "right-00-welcome,right-00-welcome,graded,late,5,6,,1,3,0,1");
  const results = gradescopeResults(grades.get("right") as Grade, {}) as {
    score: number;
    tests: unknown[];
  };
  assert.deepEqual([results.score, results.tests.length], [3, 4]);
});

test("whoever is after the checker gets nothing for it", {
  skip: enclosed ? false : "there is no sandbox on this machine",
  timeout: 1_800_000,
}, async (t) => {
  let asked = 0;
  const server = createServer((_, reply) => {
    asked += 1;
    reply.end("15");
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await new Promise((listening) => server.once("listening", listening));
  const ways = prying("cellRunThrice", (server.address() as AddressInfo).port);
  const chosen = [
    "reads the project",
    "reads the package",
    "asks the network",
    "writes to the grader",
  ];
  const sources = Object.entries(ways).filter(([way]) => chosen.includes(way));
  const grades = await graded(
    temporaryFolder(t),
    Object.fromEntries(sources.map(([way, code]) => [way.replaceAll(" ", "-"), [code]])),
  );
  const outcomes = [...grades].map(([way, grade]) => [way, grade.outcomes.cellRunThrice]);
  assert.deepEqual(outcomes, [
    ["asks-the-network", "not tried"],
    ["reads-the-package", "not tried"],
    ["reads-the-project", "not tried"],
    ["writes-to-the-grader", "wrong"],
  ]);
  assert.equal(asked, 0);
  const { remarks = [] } = grades.get("reads-the-project") ?? {};
  assert.ok(remarks.includes("looks for the checker's files"), remarks.join());
});
