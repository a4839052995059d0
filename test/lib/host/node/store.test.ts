import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { nodeProcess } from "../../../../lib/host/node/process";
import { nodeStore as store } from "../../../../lib/host/node/store";
import { PRETRAINED, pretrainedFile } from "../../../../lib/models/pretrained";
import { temporaryFolder } from "../../datasets/workspace";

test("what is written is read, listed, looked at and removed", (t) => {
  const folder = temporaryFolder(t);
  const file = store.resolve(folder, "a", "b.txt");
  assert.equal(file, path.join(folder, "a", "b.txt"));
  assert.equal(store.look(file), undefined);
  assert.deepEqual(store.list(path.dirname(file)), []);
  store.write(file, "two");
  store.write(path.join(folder, "a", "a.bin"), Uint8Array.of(1, 2, 3));
  assert.deepEqual(Buffer.from(store.read(file)), Buffer.from("two"));
  assert.deepEqual(store.list(path.join(folder, "a")), ["a.bin", "b.txt"]);
  assert.deepEqual(store.look(file), { kind: "file", bytes: 3 });
  assert.equal(store.look(folder)?.kind, "folder");
  assert.equal(store.look(path.join(file, "below-a-file")), undefined);
  store.remove(file);
  store.remove(file);
  assert.deepEqual(store.list(path.join(folder, "a")), ["a.bin"]);
  assert.throws(() => store.read(file), { code: "ENOENT" });
  assert.throws(() => store.open(file), { code: "ENOENT" });
});

test("an open file is read by places, up to its end", (t) => {
  const file = path.join(temporaryFolder(t), "digits");
  store.write(file, "0123456789");
  const opened = store.open(file);
  const into = new Uint8Array(4);
  assert.equal(opened.bytes, 10);
  assert.equal(opened.read(into, 3), 4);
  assert.equal(Buffer.from(into).toString(), "3456");
  assert.equal(opened.read(into, 8), 2);
  assert.equal(opened.read(into, 10), 0);
  opened.close();
});

test("a file that is written in parts is there when all of them are, or as it was", async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "parts");
  await store.writeInParts(file, async (made) => {
    const end = made.write(Buffer.from("??"), 0);
    made.write(Buffer.from(" and "), end);
    made.write(Buffer.from("we"), 0);
    assert.equal(store.look(file), undefined);
  });
  assert.equal(fs.readFileSync(file, "utf8"), "we and ");
  const late = new Error("thought better of it");
  await assert.rejects(
    store.writeInParts(file, async (made) => {
      made.write(Buffer.from("lost"), 0);
      throw late;
    }),
    late,
  );
  assert.equal(fs.readFileSync(file, "utf8"), "we and ");
  assert.deepEqual(store.list(folder), ["parts"]);
});

test("the library's own files are where it lies", () => {
  for (const name of PRETRAINED) {
    assert.equal(store.look(pretrainedFile(name))?.kind, "file");
  }
});

test("who asks to hear of a stop hears once, and no more after the end", () => {
  let stops = 0;
  const listen = () => nodeProcess.onStop(() => stops++);
  const before = process.listenerCount("SIGINT");
  // Keeps the signal from ending this process.
  const hold = () => {};
  process.on("SIGINT", hold);
  const release = listen();
  process.emit("SIGINT");
  process.emit("SIGINT");
  assert.equal(stops, 1);
  release();
  listen()();
  process.emit("SIGINT");
  process.off("SIGINT", hold);
  assert.equal(stops, 1);
  assert.equal(process.listenerCount("SIGINT"), before);
});
