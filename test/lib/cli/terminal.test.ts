import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { namesIn, nodeArguments, run, smallTraining, workFolder } from "./commandProcess";

const noTerminal =
  spawnSync("script", ["--version"]).status === 0 ? false : "util-linux's script is not installed";

test("at a terminal a bar tells time left, lines stand above it, and Ctrl-C is heard", {
  skip: noTerminal,
}, async (t) => {
  const folder = workFolder(t);
  const options = [...smallTraining(folder), "--max-epochs", "10000", "--checkpoint-every", "40"];
  const command = [process.execPath, ...nodeArguments, ...options].join(" ");
  const child = spawn("script", ["-qec", `stty cols 120; ${command}`, "typescript"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "ignore"],
  });
  let screen = "";
  let isStopped = false;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    screen += text;
    // The terminal echoes ^C at once, so the line that it may not stand before has to be there.
    if (isStopped || !/saved cv\S+\r?\n/.test(screen) || !/ left/.test(screen)) {
      return;
    }
    isStopped = true;
    child.stdin.write("\u0003");
  });
  const [code] = await once(child, "close");
  assert.equal(code, 130, screen);
  assert.match(screen, /░ \d+% · Epoch \d+\.\d\d \/ 10000, i = \d+ \/ 590000, loss = .* left/);
  assert.match(screen, /\nsaved cv\/checkpoint_40\.safetensors\r?\n/);
  assert.match(screen, /Stopped after step \d+\. Go on exactly from there/);
  assert.doesNotMatch(screen, /^Epoch/m);
  assert.ok(namesIn(folder, "cv").some((name) => name.endsWith(".safetensors")));
});

test("the package's own program runs the commands, too", async (t) => {
  const program = path.resolve(__dirname, "../../../lib/cli/karenina.cjs");
  const child = spawn(process.execPath, [program, "train", "--help"], { cwd: workFolder(t) });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: karenina train \[options\]/);
});

test("npm's programs work where the user is, not in the package's folder", async (t) => {
  const folder = workFolder(t);
  const inner = path.join(folder, "inner");
  mkdirSync(inner);
  smallTraining(inner);
  const { code, stderr } = await run(folder, ["preprocess", "--input-txt", "text.txt"], {
    env: { INIT_CWD: inner, npm_package_json: path.join(folder, "package.json") },
  });
  assert.equal(code, 0, stderr);
  assert.deepEqual(namesIn(inner), ["text.data", "text.json", "text.txt"]);
});
