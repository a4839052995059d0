import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { KernelSpec } from "../../runner/client";
import { readNotebook } from "../../runner/notebookFile";
import { runNotebooks } from "../../runner/run";
import { KARENINA, scripted, TSLAB, temporaryFolder } from "./client/kernels";
import { type TestCell, writeNotebook } from "./notebooks";

const IMPORT = 'const assert = require("node:assert/strict");';

async function runSeeds(cells: readonly TestCell[], seeds: number, spec: KernelSpec = scripted()) {
  const root = temporaryFolder();
  const report = await runNotebooks({
    notebooks: [writeNotebook(root, "x.ipynb", cells)],
    root,
    spec,
    mode: "fast",
    // For one that hangs.
    limits: { cell: 300, notebook: 900 },
    jobs: 2,
    write: false,
    outFolder: join(root, "out"),
    // The first run is the notebook's own, whatever the user has set.
    env: { KARENINA_SEED: "99" },
    listener: { started() {}, progressed() {}, finished() {}, warned() {} },
    seeds,
  });
  const counts = report.assertions!.map(({ text, held, of }) => `${text}: ${held} of ${of}`);
  return { root, report, counts };
}

/** A notebook in TypeScript, some of whose assertions depend on the seed. */
const FLAKY: TestCell[] = [
  'import assert from "node:assert/strict";\n' +
    "const seed = Number(process.env.KARENINA_SEED || 1);\n" +
    "const maybe: number | undefined = [seed].find((x) => x > 0);\n" +
    'assert.ok(maybe, "narrows");\nassert.equal(maybe.toFixed(1).length, 3);',
  'assert.ok(seed !== 2, "never two");\n' +
    'for (const other of [2, 3]) assert.notEqual(seed, other, "neither two nor three");\n' +
    "assert(seed < 3);\n" +
    "assert.throws(() => { throw new RangeError('far') }, RangeError);\n" +
    "await assert.rejects(async () => seed, 'nothing is rejected');\n" +
    "if (seed > 9) assert.fail('no such seed');",
  "const check = { one(x: number) { if (x === 3) throw Object.assign(new Error('Wrong.'), { name: 'ExerciseError' }); } };",
  { code: "check.one(seed);", tags: ["solution"] },
  { code: "assert.ok(false, 'on purpose');", tags: ["raises-exception"] },
  "assert.deepEqual([seed], [seed]);",
];

for (const [name, spec] of [
  ["karenina", KARENINA],
  ["tslab", TSLAB],
] as const) {
  test(`each assertion is counted over the seeds on ${name}, behind those that fail too`, {
    skip: !spec && "set-up has not installed it",
  }, async () => {
    const { root, report, counts } = await runSeeds(FLAKY, 3, spec);
    assert.deepEqual(counts, [
      'assert.ok(maybe, "narrows"): 3 of 3',
      "assert.equal(maybe.toFixed(1).length, 3): 3 of 3",
      'assert.ok(seed !== 2, "never two"): 2 of 3',
      'assert.notEqual(seed, other, "neither two nor three"): 1 of 3',
      "assert(seed < 3): 2 of 3",
      "assert.throws(() => { throw new RangeError('far') }, RangeError): 3 of 3",
      "assert.rejects(async () => seed, 'nothing is rejected'): 0 of 3",
      "assert.fail('no such seed'): 0 of 0",
      "check.one(seed): 2 of 3",
      "assert.deepEqual([seed], [seed]): 3 of 3",
    ]);
    const failures = report.assertions!.map(({ failures }) => failures);
    assert.deepEqual(failures[2], [{ seed: 2, message: "never two" }]);
    assert.deepEqual(failures[3], [
      { seed: 2, message: "neither two nor three" },
      { seed: 3, message: "neither two nor three" },
    ]);
    assert.deepEqual(failures[4], [{ seed: 3, message: "it is false" }]);
    assert.deepEqual(failures[8], [{ seed: 3, message: "Wrong." }]);
    assert.deepEqual(
      report.notebooks.map(({ ok, executed, seed }) => [ok, executed, seed]),
      [
        [false, 6, null],
        [false, 6, 2],
        [false, 6, 3],
      ],
    );
    assert.match(
      report.notebooks[2].error!,
      /^cell 3, "assert.notEqual.*the assertion failed: neither two nor three \(and 3 more/,
    );
    const written = JSON.parse(readFileSync(join(root, "out/report.json"), "utf8"));
    assert.deepEqual(written, report);
    assert.deepEqual(Object.keys(written), ["kernel", "mode", "notebooks", "assertions"]);
    const original = readNotebook(join(root, "x.ipynb"));
    const copy = readNotebook(join(root, "out/x.seed-3.ipynb"));
    assert.deepEqual(
      copy.cells.map(({ source }) => source),
      original.cells.map(({ source }) => source),
      "the copy has the notebook's own code",
    );
  });
}

test("all good: the notebook passes, under its own seeds and then under others", async () => {
  const { report, counts } = await runSeeds(
    [`${IMPORT} state.assert = assert; assert.match(process.env.KARENINA_SEED, /^2?$/)`],
    2,
  );
  assert.deepEqual(counts, ["assert.match(process.env.KARENINA_SEED, /^2?$/): 2 of 2"]);
  assert.ok(report.notebooks.every(({ ok, error }) => ok && error === null));
});

test("every function of node:assert tells good from bad as without the recorder", async () => {
  const pairs = [
    ["ok(1)", "ok(0)"],
    ["equal(1, 1)", "equal(1, 2)"],
    ["notEqual(1, 2)", "notEqual(1, 1)"],
    ["strictEqual(1, 1)", 'strictEqual(1, "1")'],
    ["notStrictEqual(1, 2)", "notStrictEqual(1, 1)"],
    ["deepEqual([1], [1])", "deepEqual([1], [2])"],
    ["notDeepEqual([1], [2])", "notDeepEqual([1], [1])"],
    ["deepStrictEqual([1], [1])", 'deepStrictEqual([1], ["1"])'],
    ["notDeepStrictEqual([1], [2])", "notDeepStrictEqual([1], [1])"],
    ['match("a", /a/)', 'match("a", /b/)'],
    ['doesNotMatch("a", /b/)', 'doesNotMatch("a", /a/)'],
    ["throws(() => { throw Error(1) })", "throws(() => 1)"],
    ["doesNotThrow(() => 1)", "doesNotThrow(() => { throw Error(1) })"],
    ["ifError(null)", "ifError(Error(1))"],
    ["rejects(Promise.reject(Error(1)))", "rejects(Promise.resolve(1))"],
    ["doesNotReject(Promise.resolve(1))", "doesNotReject(Promise.reject(Error(1)))"],
  ];
  for (const module of ["node:assert/strict", "node:assert"]) {
    const lines = pairs.flat().map((call) => `await assert.${call};`);
    const code = `const assert = require("${module}");\n${lines.join("\n")}\nassert.fail("told")`;
    const { counts } = await runSeeds([code], 1);
    const expected = pairs.flatMap(([good, bad]) => [`${good}: 1 of 1`, `${bad}: 0 of 1`]);
    assert.deepEqual(
      counts,
      [...expected, 'fail("told"): 0 of 1'].map((line) => `assert.${line}`),
    );
  }
});

test("assertions behind an error are not reached, and those before it keep their outcome", async () => {
  const { report, counts } = await runSeeds(
    [
      `${IMPORT} assert.ok(1); if (!process.env.KARENINA_SEED) assert.ok(2); if (0) assert.ok(3)`,
      `${IMPORT} if (process.env.KARENINA_SEED) throw new RangeError("lost"); assert.ok(4)`,
      `${IMPORT} assert.ok(5)`,
    ],
    2,
  );
  assert.deepEqual(counts, [
    "assert.ok(1): 2 of 2",
    "assert.ok(2): 1 of 1",
    "assert.ok(3): 0 of 0",
    "assert.ok(4): 1 of 2",
    "assert.ok(5): 1 of 2",
  ]);
  const [{ message }] = report.assertions![4].failures;
  assert.match(message, /^not reached: cell 3, .*RangeError: lost$/);
});

test("assertions of others than the notebook throw as ever, and child processes are left alone", async () => {
  const { report, counts } = await runSeeds(
    [
      `require("node:assert").throws(() => require("node:assert").equal(1, 2));` +
        `const child = require("node:child_process").spawnSync(process.execPath, ["-e", ` +
        `"console.log(typeof process[Symbol.for('karenina.assertions')]); require('assert').ok(0)"]);` +
        `if (child.stdout.toString().trim() !== "undefined" || child.status !== 1) throw child.stdout`,
    ],
    1,
  );
  assert.deepEqual(counts, []);
  assert.equal(report.notebooks[0].error, null);
});

test("without seeds a failed assertion ends its cell, and nothing is counted", async () => {
  const root = temporaryFolder();
  const report = await runNotebooks({
    notebooks: [writeNotebook(root, "x.ipynb", [`${IMPORT} assert.ok(false, "first")`, "1"])],
    root,
    spec: scripted(),
    mode: "fast",
    limits: { cell: 60, notebook: 120 },
    jobs: 1,
    write: false,
    outFolder: join(root, "out"),
    env: {},
    listener: { started() {}, progressed() {}, finished() {}, warned() {} },
  });
  assert.deepEqual(Object.keys(report), ["kernel", "mode", "notebooks"]);
  assert.equal(report.notebooks[0].executed, 1);
  assert.match(report.notebooks[0].error!, /AssertionError.*: first$/);
});
