import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  eventually,
  isRunning,
  jupyterFolder,
  ROOT,
  scripted,
  TSX,
  temporaryFolder,
} from "./client/kernels";
import { writeNotebook } from "./notebooks";

const jupyterPath = jupyterFolder(scripted());
const print = (text: string) => `publish("stream", { name: "stdout", text: "${text}" });`;

interface Run {
  process: ChildProcess;
  /** What it has printed so far on stdout and stderr. */
  printed(): string;
  /** Its exit code. */
  ended: Promise<number | null>;
}

function runCli(folder: string, ...args: string[]): Run {
  const cli = join(ROOT, "runner/cli.ts");
  const child = spawn(process.execPath, ["-r", TSX, cli, "--out", join(folder, "out"), ...args], {
    cwd: folder,
    env: { ...process.env, JUPYTER_PATH: jupyterPath, KARENINA_SEED: "17" },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { process: child, printed: () => printed, ended };
}

function reportIn(folder: string) {
  return JSON.parse(readFileSync(join(folder, "out/report.json"), "utf8"));
}

test("notebooks that pass: exit code 0, a table, KARENINA variables handed on", async () => {
  const folder = temporaryFolder();
  writeNotebook(folder, "01.ipynb", [
    "const { KARENINA_MODE, KARENINA_SEED } = process.env;" +
      "if (KARENINA_MODE + KARENINA_SEED !== 'lesson17') throw new Error(KARENINA_MODE);",
  ]);
  writeNotebook(folder, "02.ipynb", [print("x")]);
  const run = runCli(folder, "--kernel", "scripted", "--mode", "lesson", "--jobs", "2", "0*.ipynb");
  assert.equal(await run.ended, 0, run.printed());
  assert.match(run.printed(), /ok {3}.*01\.ipynb +1\/1 +\d+\.\d s\n/);
  assert.match(run.printed(), /2 of 2 notebooks passed on scripted in lesson mode/);
  assert.equal(reportIn(folder).mode, "lesson");
});

test("a notebook that fails: exit code 1, and the cell, its line and the error are printed", async () => {
  const folder = temporaryFolder();
  writeNotebook(folder, "bad.ipynb", [print("x"), "throw new RangeError('too far')"]);
  writeNotebook(folder, "good.ipynb", [print("x")]);
  const run = runCli(folder, "--kernel", "scripted", ".");
  assert.equal(await run.ended, 1);
  assert.match(run.printed(), /FAIL .*bad\.ipynb {2}2 of 2 cells/);
  assert.match(run.printed(), /cell 3, "throw new RangeError\('too far'\)": RangeError: too far\n/);
  assert.match(run.printed(), /1 of 2 notebooks passed/);
});

test("wrong arguments are explained before anything is started", async () => {
  const folder = temporaryFolder();
  const good = writeNotebook(folder, "good.ipynb", [print("x")]);
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "text.ipynb"), "some text");
  const kernel = ["--kernel", "scripted"];
  for (const [args, expected] of [
    [[...kernel, good, "gone.ipynb"], /no file or folder gone\.ipynb/],
    [[...kernel, good, "empty"], /empty holds no notebook/],
    [[...kernel, good, "text.ipynb"], /text\.ipynb is not a notebook: it is not JSON/],
    [["--kernel", "nonesuch", good], /no kernel "nonesuch".*scripted/],
    [[...kernel, "--mode", "slow", good], /Allowed choices are fast, browser, lesson, full/],
    [[...kernel, "--jobs", "0", good], /whole number from 1/],
    [[...kernel, "--timeout-cell", "soon", good], /number of seconds/],
  ] as const) {
    const run = runCli(folder, ...args);
    assert.equal(await run.ended, 1);
    assert.match(run.printed(), expected);
    assert.doesNotMatch(run.printed(), /at .*\.ts:\d+/, "an explanation, not a stack");
    assert.ok(!existsSync(join(folder, "out")));
  }
});

/** A run whose kernel and its child tell their process ids, then hang and ignore interrupts. */
async function hangingRun() {
  const folder = temporaryFolder();
  const pids = join(folder, "pids");
  writeNotebook(folder, "hang.ipynb", [
    `const child = require("node:child_process").spawn("sleep", ["600"], { stdio: "ignore" });
     require("node:fs").writeFileSync(${JSON.stringify(pids)}, process.pid + " " + child.pid + "\\n");
     await new Promise(() => {});`,
  ]);
  writeNotebook(folder, "next.ipynb", [print("x")]);
  const run = runCli(folder, "--kernel", "scripted", "--jobs", "1", "hang.ipynb", "next.ipynb");
  const written = () => existsSync(pids) && readFileSync(pids, "utf8").endsWith("\n");
  await eventually(written, "the cell runs");
  const running = readFileSync(pids, "utf8").trim().split(" ").map(Number);
  assert.ok(running.every(isRunning));
  return { folder, run, running };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends the run with 130, reported, and leaves no process`, async () => {
    const { folder, run, running } = await hangingRun();
    run.process.kill(signal);
    assert.equal(await run.ended, 130);
    await eventually(() => !running.some(isRunning), "kernel and child end");
    const [hang, next] = reportIn(folder).notebooks;
    assert.match(hang.error, /the run was interrupted/);
    assert.match(next.error, /interrupted before this notebook began/);
  });
}

test("a signal that arrives again and again leaves no process either", async () => {
  const { run, running } = await hangingRun();
  const repeated = setInterval(() => run.process.kill("SIGINT"), 50);
  assert.equal(await run.ended, 130);
  clearInterval(repeated);
  await eventually(() => !running.some(isRunning), "kernel and child end");
});

test("a runner that is killed takes its kernels with it", async () => {
  const { run, running } = await hangingRun();
  run.process.kill("SIGKILL");
  await run.ended;
  await eventually(() => !running.some(isRunning), "kernel and child end");
});

test("kernels in the browser want the site, and assertions are counted elsewhere", async () => {
  const folder = temporaryFolder();
  writeNotebook(folder, "x.ipynb", ["1"]);
  const without = runCli(folder, "--kernel", "lite", "--site", folder, "x.ipynb");
  assert.equal(await without.ended, 1);
  assert.match(without.printed(), /There is no site in .* yet\. Make it with npm run site\./);
  const counting = runCli(folder, "--kernel", "lite", "--seeds", "2", "x.ipynb");
  assert.equal(await counting.ended, 1);
  assert.match(counting.printed(), /--seeds counts assertions in a process of Node\.js/);
});
