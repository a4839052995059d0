import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, beforeEach, mock, test } from "node:test";
import { streamAtomically, writeAtomically } from "../../../../lib/host/node/writeAtomically";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-files-"));
let folder = root;
beforeEach(() => {
  mock.restoreAll();
  folder = fs.mkdtempSync(path.join(root, "case-"));
});
after(() => fs.rmSync(root, { recursive: true, force: true }));

const contents = (file: string) => fs.readFileSync(file, "utf8");

/** Both ways to write; they promise the same. */
const writers = {
  "in one piece": async (file: string, text: string) => writeAtomically(file, text),
  "bit by bit": (file: string, text: string) =>
    streamAtomically(file, async (descriptor) => {
      for (const letter of text) {
        fs.writeSync(descriptor, letter);
      }
    }),
};

/** An error of the file system, as Node makes it. */
const failure = (code: string) =>
  Object.assign(new Error(`${code}: something failed`), { code, syscall: "write" });

for (const [name, write] of Object.entries(writers)) {
  test(`${name}: makes missing folders, replaces a file, leaves nothing beside it`, async () => {
    const file = path.join(folder, "a", "b", "c.txt");
    await write(file, "first");
    await write(file, "second");
    assert.equal(contents(file), "second");
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ["c.txt"]);
  });

  test(`${name}: a file where a folder should be is named`, async () => {
    const file = path.join(folder, "note.txt");
    fs.writeFileSync(file, "mine");
    const below = path.join(file, "checkpoint");
    for (const target of [below, path.join(below, "deeper")]) {
      await assert.rejects(write(target, "x"), (error: Error) => {
        assert.match(error.message, /a part of that path is a file, not a folder/);
        assert.ok(error.message.startsWith(target));
        assert.match((error.cause as NodeJS.ErrnoException).code ?? "", /ENOTDIR|EEXIST/);
        return true;
      });
    }
    assert.equal(contents(file), "mine");
  });

  test(`${name}: a folder where the file should be is named, and stays`, async () => {
    fs.mkdirSync(path.join(folder, "taken", "inner"), { recursive: true });
    await assert.rejects(write(path.join(folder, "taken"), "x"), /it is a folder|not be written/);
    assert.deepEqual(fs.readdirSync(folder), ["taken"]);
  });

  for (const [code, message] of [
    ["ENOSPC", /the disk is full/],
    ["EDQUOT", /the disk is full/],
    ["EROFS", /you may not write in that folder/],
    ["EACCES", /you may not write in that folder/],
    ["EIO", /something failed/],
  ] as const) {
    test(`${name}: after ${code} the older file is whole, and no half one is left`, async () => {
      const file = path.join(folder, "kept.txt");
      await write(file, "older");
      const call = name === "in one piece" ? "writeFileSync" : "writeSync";
      mock.method(fs, call, () => {
        throw failure(code);
      });
      await assert.rejects(write(file, "newer"), message);
      mock.restoreAll();
      assert.equal(contents(file), "older");
      assert.deepEqual(fs.readdirSync(folder), ["kept.txt"]);
    });
  }

  test(`${name}: a failure to rename leaves no half file either`, async () => {
    const file = path.join(folder, "kept.txt");
    await write(file, "older");
    mock.method(fs, "renameSync", () => {
      throw failure("EPERM");
    });
    await assert.rejects(write(file, "newer"), /you may not write/);
    mock.restoreAll();
    assert.deepEqual(fs.readdirSync(folder), ["kept.txt"]);
    assert.equal(contents(file), "older");
  });
}

test("folders that can't be made where the system says there are none are reported as that", () => {
  mock.method(fs, "mkdirSync", () => {
    throw Object.assign(new Error("none"), { code: "ENOENT", syscall: "mkdir" });
  });
  assert.throws(() => writeAtomically(path.join(folder, "a/b.txt"), "x"), /you may not write/);
  mock.restoreAll();
});

test("where no folder can be made, the attempt comes to an end", (t) => {
  if (process.platform !== "linux") {
    return t.skip("/proc is Linux's");
  }
  const file = "/proc/karenina/deep/a.txt";
  assert.throws(() => writeAtomically(file, "x"), /could not be written: you may not write/);
});

test("a pipe keeps its place, and a link to one too", async (t) => {
  if (process.platform === "win32") {
    return t.skip("Windows has no named pipes among its files");
  }
  const pipe = path.join(folder, "pipe");
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  fs.symlinkSync(pipe, path.join(folder, "link"));
  for (const name of ["pipe", "link"]) {
    for (const write of Object.values(writers)) {
      await assert.rejects(write(path.join(folder, name), "x"), /is a pipe or device/);
    }
  }
  assert.deepEqual(fs.readdirSync(folder).sort(), ["link", "pipe"]);
  assert.ok(fs.statSync(pipe).isFIFO());
});

test("what a killed process left goes, what others are writing stays", () => {
  const machine = os
    .hostname()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 40);
  const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
  const left = fs.mkdtempSync(path.join(folder, "left-"));
  const names = [
    `a.txt.${machine}-${dead}-0123abcd.part`,
    `b.txt.${machine}-${process.ppid}-0123abcd.part`,
    `c.txt.elsewhere-${dead}-0123abcd.part`,
    "film.part",
  ];
  for (const name of names) {
    fs.writeFileSync(path.join(left, name), "");
  }
  writeAtomically(path.join(left, "d.txt"), "x");
  assert.deepEqual(fs.readdirSync(left).sort(), [...names.slice(1), "d.txt"].sort());
  fs.rmSync(left, { recursive: true });
});

test("a full disk of its own kind: writing to /dev/full", {
  skip: !fs.existsSync("/dev/full"),
}, () => {
  const open = fs.openSync;
  const real = path.join(folder, "file.txt");
  mock.method(fs, "openSync", (name: string, flags: string) => {
    if (!name.startsWith(real)) {
      return open(name, flags);
    }
    fs.closeSync(open(name, flags));
    return open("/dev/full", "w");
  });
  assert.throws(() => writeAtomically(real, "x".repeat(100_000)), /the disk is full/);
  mock.restoreAll();
  assert.deepEqual(fs.readdirSync(folder), []);
});

test("what the caller's own code throws comes out as it is", async () => {
  const file = path.join(folder, "file.txt");
  await assert.rejects(
    streamAtomically(file, async () => {
      throw new RangeError("my own");
    }),
    { name: "RangeError", message: "my own" },
  );
  assert.deepEqual(fs.readdirSync(folder), []);
});

// The superuser may write everywhere.
test("a folder without permission to write is named", { skip: process.getuid?.() === 0 }, () => {
  fs.chmodSync(folder, 0o500);
  assert.throws(() => writeAtomically(path.join(folder, "file.txt"), "x"), /you may not write/);
  fs.chmodSync(folder, 0o700);
});
