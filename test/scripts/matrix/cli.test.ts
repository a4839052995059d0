import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../../scripts/setup/run.mjs";
import { KARENINA, ROOT, TSX, temporaryFolder } from "../../runner/client/kernels";
import { writeNotebook } from "../../runner/notebooks";

/** The command on notebooks in a folder, where no data set can be had. */
function matrix(folder: string, ...args: string[]) {
  return run(
    process.execPath,
    ["-r", TSX, join(ROOT, "scripts/matrix/cli.ts"), "--out", join(folder, "matrix"), ...args],
    {
      cwd: folder,
      env: {
        ...process.env,
        KARENINA_DATA: "",
        KARENINA_CACHE: join(folder, "cache"),
        KARENINA_OFFLINE: "1",
        INIT_CWD: folder,
      },
      // For one that hangs.
      limitSeconds: 800,
    },
  );
}

test("the command: a flaky lesson, data that cannot be had, a table, and nothing to do again", {
  skip: !KARENINA && "set-up has not installed it",
}, async (t) => {
  // Within the project, where lessons find the library.
  mkdirSync(join(ROOT, "build/test"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "build/test/matrix-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeNotebook(folder, "01-flaky.ipynb", [
    'import assert from "node:assert/strict";\nimport { tf } from "karenina";',
    'assert.notEqual(process.env.KARENINA_SEED, "2", "not the second");\n' +
      'assert.equal(tf.getBackend(), "wasm");',
  ]);
  writeNotebook(folder, "02-table.ipynb", [
    'import assert from "node:assert/strict";\nimport { loadTable } from "karenina";',
    'await assert.rejects(loadTable("penguins"));',
  ]);
  writeNotebook(folder, "03-not-asked-for.ipynb", ["throw 1"]);
  const args = ["--engines", "wasm", "--seeds", "2", "--lessons", "^0[12]", "."];
  const first = await matrix(folder, ...args);
  assert.equal(first.code, 1, first.stderr);
  assert.match(first.stdout, /Left out: .*02-table.* with data real, since "penguins" cannot be/);
  assert.match(first.stdout, /^4 runs, 2 at once/m);
  assert.match(first.stdout, /^\d\/4 FAIL .*01-flaky\.ipynb {2}wasm, data either, seed 2 {2}/m);
  const markdown = readFileSync(join(folder, "matrix/table.md"), "utf8");
  assert.ok(first.stdout.includes(markdown), "the table is printed, too");
  const table = JSON.parse(readFileSync(join(folder, "matrix/table.json"), "utf8"));
  assert.deepEqual(table.runs, { planned: 4, done: 4, good: 3 });
  assert.deepEqual(
    table.assertions.map(({ data, counts }: Record<string, unknown>) => [data, counts]),
    [
      ["either", { wasm: { held: 1, of: 2 } }],
      ["either", { wasm: { held: 2, of: 2 } }],
      ["stand-ins", { wasm: { held: 2, of: 2 } }],
    ],
  );
  const second = await matrix(folder, ...args);
  assert.equal(second.code, 1);
  assert.doesNotMatch(second.stdout, /^\d\/\d /m);
  assert.equal(readFileSync(join(folder, "matrix/table.md"), "utf8"), markdown);
});

test("wrong arguments are explained", async () => {
  const folder = temporaryFolder();
  writeNotebook(folder, "a.ipynb", ["1"]);
  for (const [args, expected] of [
    [["--engines", "cuda"], /"cuda" is none of onednn, no-onednn, avx2, wasm, page/],
    [["--lessons", "("], /[Rr]egular expression/],
    [["--lessons", "^9", "."], /No lesson's name matches/],
  ] as const) {
    const { code, stderr } = await matrix(folder, ...args);
    assert.equal(code, 1);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /at .*\.ts:\d+/, "an explanation, not a stack");
  }
});
