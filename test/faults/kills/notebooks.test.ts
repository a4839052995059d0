import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import {
  eventually,
  isRunning,
  jupyterFolder,
  ROOT,
  scripted,
  TSX,
  temporaryFolder,
} from "../../runner/client/kernels";
import { writeNotebook } from "../../runner/notebooks";
import { killsOf, randomFor } from "../settings";
import { killAfter } from "./killing";

const jupyterPath = jupyterFolder(scripted());

/** Cells that say who runs them, and print enough for the file to take a moment to write. */
const CELLS = [
  'require("node:fs").appendFileSync("pids", process.pid + "\\n");',
  'for (let i = 0; i < 200; i++) publish("stream", { name: "stdout", text: "x".repeat(1000) });',
  'publish("stream", { name: "stdout", text: "the end" });',
];

function startRunner(folder: string): ChildProcess {
  const cli = path.join(ROOT, "runner/cli.ts");
  const args = [
    "--kernel",
    "scripted",
    "--write",
    "--out",
    path.join(folder, "out"),
    "lesson.ipynb",
  ];
  return spawn(process.execPath, ["-r", TSX, cli, ...args], {
    cwd: folder,
    env: { ...process.env, JUPYTER_PATH: jupyterPath },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

test("a run of a notebook that is killed leaves it as it was or wholly new, and can be repeated", async (t) => {
  const random = randomFor("notebooks");
  const kills = killsOf("notebooks");
  const folder = temporaryFolder();
  const lesson = path.join(folder, "lesson.ipynb");
  writeNotebook(folder, "lesson.ipynb", CELLS);
  const before = fs.readFileSync(lesson, "utf8");
  const begun = performance.now();
  const uninterrupted = startRunner(folder);
  assert.deepEqual(await once(uninterrupted, "close"), [0, null]);
  let life = performance.now() - begun;
  const wanted = fs.readFileSync(lesson, "utf8");
  assert.ok(wanted.includes("the end") && wanted !== before);

  let killed = 0;
  let stored = 0;
  while (killed < kills) {
    fs.writeFileSync(lesson, before);
    const since = performance.now();
    const runner = startRunner(folder);
    // Half of them in the last part of their life, in which the files are written.
    const part = random() < 0.5 ? random() : 0.6 + 0.5 * random();
    const wasKilled = await killAfter(runner, part * life);
    if (wasKilled) {
      killed++;
    }
    // On a machine that has less to do by now, kills would come too late.
    else {
      life = performance.now() - since;
    }
    const text = fs.readFileSync(lesson, "utf8");
    if (text !== wanted) {
      assert.equal(text, before, "as it was or wholly new");
    } else if (wasKilled) {
      stored++;
    }
    const copy = path.join(folder, "out/lesson.ipynb");
    if (fs.existsSync(copy)) {
      JSON.parse(fs.readFileSync(copy, "utf8"));
    }
    const report = path.join(folder, "out/report.json");
    if (fs.existsSync(report)) {
      assert.equal(JSON.parse(fs.readFileSync(report, "utf8")).notebooks[0].ok, true);
    }
  }
  fs.writeFileSync(lesson, before);
  const last = startRunner(folder);
  assert.deepEqual(await once(last, "close"), [0, null]);
  assert.equal(fs.readFileSync(lesson, "utf8"), wanted);
  assert.deepEqual(fs.readdirSync(folder).sort(), ["lesson.ipynb", "out", "pids"]);
  assert.deepEqual(fs.readdirSync(path.join(folder, "out")).sort(), [
    "junit.xml",
    "lesson.ipynb",
    "report.json",
  ]);
  const pids = fs.readFileSync(path.join(folder, "pids"), "utf8").trim().split("\n").map(Number);
  await eventually(() => !pids.some(isRunning), "all kernels end");
  t.diagnostic(`${killed} runs killed, ${stored} of them after the notebook was stored`);
});
