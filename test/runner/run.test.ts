import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { KernelSpec } from "../../runner/client";
import { readNotebook } from "../../runner/notebookFile";
import { type RunOptions, runNotebooks } from "../../runner/run";
import {
  IPYKERNEL,
  KARENINA,
  pythonWith,
  scripted,
  TSLAB,
  temporaryFolder,
  withGrowingLimit,
} from "./client/kernels";
import { type TestCell, writeNotebook } from "./notebooks";

const print = (text: string) => `publish("stream", { name: "stdout", text: "${text}" });`;

async function runAll(
  notebooks: Record<string, readonly TestCell[]>,
  options: Partial<RunOptions> = {},
) {
  const root = temporaryFolder();
  const events: string[] = [];
  const paths = Object.entries(notebooks).map(([name, cells]) => writeNotebook(root, name, cells));
  const report = await runNotebooks({
    notebooks: paths,
    root,
    spec: scripted(),
    mode: "fast",
    limits: { cell: 60, notebook: 120 },
    jobs: 1,
    write: false,
    outFolder: join(root, "out"),
    env: {},
    listener: {
      started: (path, cells) => events.push(`started ${path} ${cells}`),
      progressed: (path, over) => events.push(`progressed ${path} ${over}`),
      finished: ({ path, ok }) => events.push(`finished ${path} ${ok}`),
      warned: (path) => events.push(`warned ${path}`),
    },
    ...options,
  });
  const copy = (name: string) => readNotebook(join(root, "out", name));
  const streams = (name: string) =>
    copy(name).cells.flatMap(({ outputs = [] }) =>
      (outputs as { text?: string[] }[]).map(({ text = [] }) => text.join("")),
    );
  return { root, report, events, copy, streams };
}

/** Runs one notebook and returns its row. */
async function runOne(cells: readonly TestCell[], options: Partial<RunOptions> = {}) {
  const { report } = await runAll({ "x.ipynb": cells }, options);
  return report.notebooks[0];
}

test("a good run: copies, report, junit, progress, mode and folder", async () => {
  const { root, report, events, copy, streams } = await runAll({
    "a.ipynb": [
      print("one"),
      "publish('stream', { name: 'stdout', text: process.env.KARENINA_MODE })",
    ],
    "b.ipynb": ["publish('stream', { name: 'stdout', text: process.cwd() })", "  "],
  });
  assert.deepEqual(
    report.notebooks.map(({ seconds, ...row }) => row),
    [
      { path: "a.ipynb", ok: true, cells: 2, executed: 2, error: null },
      { path: "b.ipynb", ok: true, cells: 1, executed: 1, error: null },
    ],
  );
  assert.ok(report.notebooks.every(({ seconds }) => seconds > 0));
  const written = JSON.parse(readFileSync(join(root, "out/report.json"), "utf8"));
  assert.deepEqual(written, report);
  assert.deepEqual(Object.keys(written), ["kernel", "mode", "notebooks"]);
  assert.deepEqual([written.kernel, written.mode], ["scripted", "fast"]);
  assert.match(readFileSync(join(root, "out/junit.xml"), "utf8"), /tests="2" failures="0"/);
  assert.deepEqual(streams("a.ipynb"), ["one", "fast"]);
  assert.deepEqual(streams("b.ipynb"), [root]);
  assert.deepEqual(
    copy("a.ipynb").cells.map(({ id }) => id),
    ["heading", "cell-0", "cell-1"],
  );
  assert.deepEqual(
    copy("a.ipynb").cells.map((cell) => cell.execution_count),
    [undefined, 1, 2],
  );
  assert.deepEqual(events, [
    "started a.ipynb 2",
    "progressed a.ipynb 1",
    "progressed a.ipynb 2",
    "finished a.ipynb true",
    "started b.ipynb 1",
    "progressed b.ipynb 1",
    "finished b.ipynb true",
  ]);
  assert.equal(readNotebook(join(root, "a.ipynb")).cells[1].execution_count, null);
});

test("a failed notebook stops at its cell, names it, and does not keep others from running", async () => {
  const { root, report, streams } = await runAll({
    "a.ipynb": [print("before"), "\n  throw new TypeError('wrong <&\\u0007>');\n1", print("after")],
    "b.ipynb": [print("fine")],
  });
  const [failed, good] = report.notebooks;
  assert.deepEqual(
    { ...failed, seconds: 0 },
    {
      path: "a.ipynb",
      ok: false,
      cells: 3,
      executed: 2,
      seconds: 0,
      error: `cell 3, "throw new TypeError('wrong <&\\u0007>');": TypeError: wrong <&>`,
    },
  );
  assert.ok(good.ok);
  assert.deepEqual(streams("a.ipynb"), ["before", ""], "the error is kept, the rest did not run");
  const junit = readFileSync(join(root, "out/junit.xml"), "utf8");
  assert.match(junit, /tests="2" failures="1"/);
  assert.match(junit, /message="cell 3, &quot;throw new TypeError/);
});

test("a cell that was not run, that hung, or that lost its kernel fails the notebook", async () => {
  const { report } = await runAll(
    {
      "abort.ipynb": [print("x"), "reply({ status: 'aborted' })"],
      "killed.ipynb": [print("x"), "process.kill(process.pid, 'SIGKILL'); await interrupted"],
    },
    { jobs: 2 },
  );
  const errors = report.notebooks.map(({ executed, error }) => `${executed} ${error}`);
  assert.match(errors[0], /^1 cell 3, .*answered "aborted": the cell was not run/);
  assert.match(errors[1], /^1 cell 3, .*The kernel died: it was ended by SIGKILL/);
  // A notebook of its own: in so short a time a busy machine may not run a good cell either.
  const hung = await runOne(["await new Promise(() => {})", print("x")], {
    limits: { cell: 1, notebook: 120 },
  });
  assert.match(hung.error!, /^cell 2, .*longer than 1 s, the limit for a cell \(--timeout-cell\)/);
  assert.equal(hung.executed, 0);
});

test("the notebook's own limit counts over its cells", async () => {
  const wait = "await new Promise((resolve) => setTimeout(resolve, 1500));";
  const row = await runOne([wait, wait, wait, wait], { limits: { cell: 0, notebook: 4 } });
  assert.match(row.error!, /longer than 4 s, its limit \(--timeout-notebook\)/);
  assert.ok(row.executed < 4);
});

test("a stopped kernel is noticed before the time limit", {
  skip: process.platform !== "linux",
}, async () => {
  const row = await runOne(["process.kill(process.pid, 'SIGSTOP'); await interrupted"], {
    heartbeatTimeoutMs: 500,
  });
  assert.match(row.error!, /cell 2, .*silent for 0\.5 s/);
});

test("an error that comes to a cell after its end fails the notebook", async () => {
  const row = await runOne([
    "state.later = () => publish('error', { ename: 'Late', evalue: 'one', traceback: [] })",
    "state.later()",
  ]);
  assert.match(row.error!, /^cell 2, .*Late: one \(raised after the cell's end\)/);
});

test("tags: an expected error must come, a skipped cell is not run but counted", async () => {
  const raises = { code: "throw new Error('on purpose')", tags: ["raises-exception"] };
  const skipped = { code: "throw new Error('never')", tags: ["skip-execution"] };
  const good = await runOne([raises, skipped, print("x")]);
  assert.deepEqual(
    { ...good, seconds: 0 },
    {
      path: "x.ipynb",
      ok: true,
      cells: 3,
      executed: 2,
      seconds: 0,
      error: null,
    },
  );
  const calm = await runOne([{ code: print("x"), tags: ["raises-exception"] }]);
  assert.match(calm.error!, /tagged "raises-exception" but raised none/);
});

test("a notebook that runs nothing fails", async () => {
  assert.match((await runOne([])).error!, /has no code cell/);
  assert.match((await runOne(["", " \n"])).error!, /has no code cell/);
  const skipped = await runOne([{ code: "1", tags: ["skip-execution"] }]);
  assert.match(skipped.error!, /every code cell is tagged/);
});

test("a kernel that does not start fails the notebook, with what it wrote", async () => {
  const spec: KernelSpec = {
    ...scripted(),
    argv: [process.execPath, "-e", "throw Error('broken')"],
  };
  const row = await runOne(["1"], { spec });
  assert.match(row.error!, /"scripted".*did not start.*exited with code 1/);
});

test("--write stores good notebooks alone, and never over a change", async () => {
  const { root, report } = await runAll(
    {
      "good.ipynb": [print("stored")],
      "bad.ipynb": [print("not stored"), "throw new Error('x')"],
      "changed.ipynb": ["require('node:fs').appendFileSync('changed.ipynb', '\\n');"],
      "big.ipynb": [`publish("stream", { name: "stdout", text: "x".repeat(600000) })`],
    },
    { write: true },
  );
  const outputs = (name: string) => readNotebook(join(root, name)).cells[1].outputs;
  assert.deepEqual(outputs("good.ipynb"), [
    { output_type: "stream", name: "stdout", text: ["stored"] },
  ]);
  for (const name of ["bad.ipynb", "changed.ipynb", "big.ipynb"]) {
    assert.deepEqual(outputs(name), []);
  }
  assert.deepEqual(
    report.notebooks.map(({ ok }) => ok),
    [true, false, false, false],
  );
  assert.match(report.notebooks[2].error!, /changed while it was being executed/);
  assert.match(report.notebooks[3].error!, /over the limit.*cell 2 with 600/);
});

test("a stopped run ends at once, is reported, and leaves the rest unexecuted", async () => {
  const stopping = new AbortController();
  const { report } = await runAll(
    { "a.ipynb": [print("x"), "await new Promise(() => {})"], "b.ipynb": [print("x")] },
    {
      signal: stopping.signal,
      listener: {
        started: () => {},
        progressed: () => stopping.abort(),
        finished: () => {},
        warned: () => {},
      },
    },
  );
  assert.match(report.notebooks[0].error!, /cell 3, .*the run was interrupted/);
  assert.match(report.notebooks[1].error!, /interrupted before this notebook began/);
});

test("a file that is no notebook stops the run before anything is started", async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "out"));
  writeFileSync(join(root, "text.ipynb"), "text");
  writeFileSync(join(root, "out/report.json"), "the last run's");
  await assert.rejects(
    runNotebooks({
      notebooks: [writeNotebook(root, "good.ipynb", ["1"]), join(root, "text.ipynb")],
      root,
      outFolder: join(root, "out"),
      spec: scripted(),
      mode: "fast",
      limits: { cell: 1, notebook: 1 },
      jobs: 1,
      write: true,
      env: {},
      listener: { started: assert.fail, progressed() {}, finished() {}, warned() {} },
    }),
    /text\.ipynb is not a notebook/,
  );
  assert.ok(!existsSync(join(root, "out/good.ipynb")));
});

test("stock tslab: its silent faults fail the notebook", async () => {
  const raises = { code: "throw new Error('on purpose')", tags: ["raises-exception"] };
  const { report, streams } = await runAll(
    {
      "good.ipynb": ["const a: number = 20", "console.log(a + 1)"],
      "thrown.ipynb": ["throw new Error('boom')"],
      "types.ipynb": ["const a: number = 'text'"],
      "raises.ipynb": [raises, "console.log('refused at first')"],
      "unhandled.ipynb": ["Promise.reject(new Error('lost')); 0", "1"],
    },
    { spec: TSLAB, jobs: 2 },
  );
  const errors = report.notebooks.map(({ error }) => error ?? "none");
  assert.deepEqual(streams("good.ipynb"), ["21\n"]);
  assert.equal(errors[0], "none");
  assert.match(errors[1], /: Error: boom$/);
  assert.match(errors[2], /'string' is not assignable to type 'number'/);
  assert.equal(errors[3], "none");
  assert.deepEqual(streams("raises.ipynb").slice(1), ["refused at first\n"]);
  assert.match(errors[4], /^cell \d, .*UnhandledPromiseRejection: Error: lost/);
});

test("the project's own kernel: complete output, expected errors, late errors, a hang", {
  skip: !KARENINA && "set-up has not installed it",
}, async () => {
  const notebooks = {
    "good.ipynb": [
      { code: "throw new Error('on purpose')", tags: ["raises-exception"] },
      "for (let i = 0; i < 100_000; i++) console.log(i)",
      "import * as tslab from 'tslab'\n" +
        "for (let i = 0; i < 20_000; i++) tslab.display.html(String(i))",
    ],
    "late.ipynb": [
      "let go = false, gone = false;\n" +
        "const timer = setInterval(() => {\n" +
        "  if (!go) return;\n" +
        "  clearInterval(timer);\n" +
        "  gone = true;\n" +
        "  throw new Error('late');\n" +
        "}, 5)",
      "go = true;\nwhile (!gone) await new Promise((resolve) => setTimeout(resolve, 5))",
    ],
  };
  const hanging = { "hang.ipynb": ["console.log('begun')\nawait new Promise(() => {})"] };
  const ended = await runAll(notebooks, { spec: KARENINA });
  const [good, late] = ended.report.notebooks;
  assert.equal(good.error, null);
  assert.equal(ended.streams("good.ipynb")[1].split("\n").length, 100_001);
  assert.equal(ended.copy("good.ipynb").cells[3].outputs?.length, 20_000);
  assert.match(late.error!, /Error: late/);
  await withGrowingLimit(async (limitMs) => {
    const limits = { cell: limitMs / 1000, notebook: 0 };
    const { report, streams } = await runAll(hanging, { spec: KARENINA, limits });
    assert.match(report.notebooks[0].error!, /longer than \d+ s/);
    return streams("hang.ipynb")[0]?.startsWith("begun");
  }, "the cell has printed");
});

const python = pythonWith("nbclient", "nbformat", "ipykernel");
test("on ipykernel the executed notebook is valid and equals nbclient's", {
  skip: !python || !IPYKERNEL,
}, async () => {
  const { root, report } = await runAll(
    {
      "x.ipynb": [
        // Flushed, because otherwise a thread of ipykernel's decides which of the streams comes first.
        "import sys; print('a', flush=True); print('e', file=sys.stderr, flush=True); print('b'); 42",
        "from IPython.display import *\nh = display(HTML('<b>x\\ny</b>'), display_id='q')\ndisplay(JSON({'a': [1]}))",
        "display('z', display_id='q'); h.update(HTML('new'))",
        "print('gone'); clear_output(wait=True); print('kept')",
        "print('gone'); clear_output(); display('k')",
        "print('10%', end='\\r'); print('20%', end='\\r'); print('done')",
        "for i in range(20000): print(i)",
        { code: "1/0", tags: ["raises-exception"] },
        { code: "1", tags: ["skip-execution"] },
      ],
    },
    { spec: IPYKERNEL },
  );
  assert.deepEqual(
    report.notebooks.map(({ error }) => error),
    [null],
  );
  const script = `
import json, sys, nbformat, nbclient
ours = nbformat.read(sys.argv[2], 4)
nbformat.validate(ours)
theirs = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(theirs, kernel_name="python3", coalesce_streams=True).execute()
for a, b in zip(ours.cells, theirs.cells):
    assert a.id == b.id and a.get("outputs") == b.get("outputs"), (a, b)
    assert a.get("execution_count") == b.get("execution_count"), (a, b)
`;
  const paths = [join(root, "x.ipynb"), join(root, "out/x.ipynb")];
  const compared = spawnSync(python!, ["-c", script, ...paths], { encoding: "utf8" });
  assert.equal(compared.status, 0, compared.stderr);
});
