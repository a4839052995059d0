import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { withLock } from "../../scripts/setup/lock.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const module = new URL("../../scripts/setup/lock.mjs", import.meta.url).href;

test("processes that hold the lock come one after the other", async (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "lock");
  const counter = path.join(base, "counter");
  write(counter, "0");
  // Reading, waiting and writing would lose counts if two did it at once.
  const code = `
    import fs from "node:fs";
    import { withLock } from ${JSON.stringify(module)};
    for (let i = 0; i < 5; i++) {
      await withLock(process.argv[1], async () => {
        const n = Number(fs.readFileSync(process.argv[2], "utf8"));
        await new Promise((resolve) => setTimeout(resolve, 5));
        fs.writeFileSync(process.argv[2], String(n + 1));
      });
    }`;
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", code, file, counter], {
      stdio: "inherit",
    }),
  );
  const ends = await Promise.all(children.map((child) => once(child, "exit")));
  assert.deepEqual(ends, [
    [0, null],
    [0, null],
    [0, null],
  ]);
  assert.equal(fs.readFileSync(counter, "utf8"), "15");
  assert.deepEqual(fs.readdirSync(base).sort(), ["counter", "project"]);
});

test("the lock of a process that has died is taken over", async (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "lock");
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  write(file, `${pid} ${os.hostname()}`);
  const waited = () => assert.fail("there is nobody to wait for");
  assert.equal(await withLock(file, async () => "done", waited), "done");
  assert.ok(!fs.existsSync(file));
});

test("so is that of a process whose number another has by now, and one cut off by a crash", async (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "lock");
  const waited = () => assert.fail("there is nobody to wait for");
  const contents = [""];
  // Only there does the system tell when a process began.
  if (process.platform === "linux") {
    contents.push(`${process.pid} ${os.hostname()} 1`);
  }
  for (const text of contents) {
    write(file, text);
    assert.equal(await withLock(file, async () => "done", waited), "done");
  }
});

test("a lock that is held is waited for, its owner is named, and an error frees it", async (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "lock");
  write(file, `${process.pid} ${os.hostname()}`);
  const owners = [];
  const waiting = withLock(
    file,
    async () => {
      throw new Error("work failed");
    },
    (owner) => {
      owners.push(owner);
      fs.rmSync(file);
    },
  );
  await assert.rejects(waiting, /work failed/);
  assert.deepEqual(owners, [String(process.pid)]);
  assert.ok(!fs.existsSync(file));
});
