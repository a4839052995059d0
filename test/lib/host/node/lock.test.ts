import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { exclusively, hold } from "../../../../lib/host/node/lock";
import { userFile } from "../../../../lib/host/node/userFolder";
import { temporaryFolder } from "../../datasets/workspace";

const ROOT = path.resolve(__dirname, "../../../..");

/** A process that adds 1 to the number in a file, so many times, reading and writing the whole of it. */
function adder(file: string, times: number) {
  const code = `
    const { exclusively } = require("./lib/host/node/lock");
    const { nodeStore } = require("./lib/host/node/store");
    for (let i = 0; i < ${times}; i++) {
      exclusively(${JSON.stringify(file)}, () => {
        const before = Number(Buffer.from(nodeStore.read(${JSON.stringify(file)})).toString());
        nodeStore.write(${JSON.stringify(file)}, String(before + 1));
      });
    }`;
  return spawn(process.execPath, ["-r", "tsx/cjs", "-e", code], { cwd: ROOT, stdio: "inherit" });
}

test("processes that change one file at once lose none of their changes", async (t) => {
  const file = path.join(temporaryFolder(t), "count.txt");
  writeFileSync(file, "0");
  const ends = await Promise.all([1, 2, 3].map(() => once(adder(file, 40), "exit")));
  assert.deepEqual(
    ends.map(([code]) => code),
    [0, 0, 0],
  );
  assert.equal(readFileSync(file, "utf8"), "120");
  assert.deepEqual(readdirSync(path.dirname(file)), ["count.txt"], "no lock is left");
});

test("the lock of a process that is gone holds nobody up", async (t) => {
  const file = path.join(temporaryFolder(t), "count.txt");
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const owner = { pid: child.pid, host: os.hostname(), began: "1" };
  // The second is what a killed process leaves where a file system makes names before contents; the third
  // stands for what another version writes.
  for (const text of [JSON.stringify(owner), "", "[]"]) {
    writeFileSync(`${file}.lock`, text);
    assert.equal(
      exclusively(file, () => 7),
      7,
    );
    assert.deepEqual(readdirSync(path.dirname(file)), []);
  }
});

test("of processes that find the lock of one that is gone, one alone takes it over", async (t) => {
  const folder = temporaryFolder(t);
  const code = `
    const { hold } = require("./lib/host/node/lock");
    let taken = 0;
    for (let i = 0; i < 200; i++) {
      taken += typeof hold(${JSON.stringify(folder)} + "/name-" + i) === "function" ? 1 : 0;
    }
    console.log(taken);
    // Its locks count for as long as it lives.
    process.stdin.resume();`;
  const gone = JSON.stringify({
    pid: process.pid,
    host: os.hostname(),
    began: "before this process",
  });
  for (let i = 0; i < 200; i++) {
    writeFileSync(path.join(folder, `name-${i}.lock`), gone);
  }
  const taken = [1, 2, 3].map(async () => {
    const child = spawn(process.execPath, ["-r", "tsx/cjs", "-e", code], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "inherit"],
    });
    t.after(() => child.kill());
    const [said] = await once(child.stdout, "data");
    return Number(said);
  });
  const sum = (await Promise.all(taken)).reduce((total, n) => total + n, 0);
  assert.equal(sum, process.platform === "linux" ? 200 : 0);
});

test("an error of the work passes through, and the lock is gone", (t) => {
  const file = path.join(temporaryFolder(t), "deep", "count.txt");
  const fail = () => {
    assert.ok(existsSync(`${file}.lock`));
    throw new RangeError("no");
  };
  assert.throws(() => exclusively(file, fail), RangeError);
  assert.ok(!existsSync(`${file}.lock`));
});

test("a user's own file lies where the system wants it", () => {
  const at = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home = "/home/anna") =>
    userFile("p.json", { platform, env, home });
  assert.equal(at("linux", {}), "/home/anna/.local/share/karenina/p.json");
  assert.equal(at("linux", { XDG_DATA_HOME: "/data" }), "/data/karenina/p.json");
  assert.equal(at("linux", { XDG_DATA_HOME: "data" }), "/home/anna/.local/share/karenina/p.json");
  assert.equal(at("darwin", {}), "/home/anna/Library/Application Support/karenina/p.json");
  assert.equal(at("win32", { LOCALAPPDATA: "C:\\L" }), "C:\\L\\karenina\\p.json");
  assert.equal(at("win32", {}, "C:\\U"), "C:\\U\\AppData\\Local\\karenina\\p.json");
  assert.equal(at("linux", {}, ""), undefined);
});

test("a name is held by one process until it gives it back", (t) => {
  const name = path.join(temporaryFolder(t), "checkpoint");
  const release = hold(name);
  assert.ok(typeof release === "function");
  assert.deepEqual(hold(name), { pid: process.pid });
  release();
  assert.deepEqual(readdirSync(path.dirname(name)), []);
  const again = hold(name);
  assert.ok(typeof again === "function");
  again();
});

test("a held name is taken over from a process that is gone, and from no other machine's", (t) => {
  const name = path.join(temporaryFolder(t), "checkpoint");
  const owner = { pid: process.pid, host: os.hostname(), began: "before this process" };
  writeFileSync(`${name}.lock`, JSON.stringify(owner));
  const release = hold(name);
  if (process.platform === "linux") {
    assert.ok(typeof release === "function", "the number was given again");
    // Somebody else's by now: it stays.
    writeFileSync(`${name}.lock`, JSON.stringify(owner));
    release();
    assert.ok(existsSync(`${name}.lock`));
  }
  writeFileSync(`${name}.lock`, JSON.stringify({ ...owner, host: "elsewhere" }));
  assert.deepEqual(hold(name), { pid: process.pid, machine: "elsewhere" });
});
