import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { lockCheckpoints } from "../../../lib/cli/checkpointPlaces";
import { loadFile } from "../../../lib/datasets/dataSets";
import { writeAtomically } from "../../../lib/host/node/writeAtomically";
import { DataError } from "../../../lib/text/dataError";
import { parseNotebook } from "../../../runner/notebookFile";
import { storeExecuted } from "../../../runner/store";
import { type MirrorServer, startMirrorServer, whole } from "../../lib/datasets/mirrorServer";
import {
  fileEntry,
  quietOptions,
  sampleRegistry,
  sha256,
  someBytes,
} from "../../lib/datasets/workspace";
import { notebookOf, writeNotebook } from "../../runner/notebooks";
import { randomFor } from "../settings";
import { mountDisk } from "./mounts";

const content = someBytes(600_000);
let server: MirrorServer;
before(async () => {
  server = await startMirrorServer();
});
after(() => server.close());

const entryAt = (name: string) =>
  fileEntry("file.bin", content, [server.serve(name, whole(content))]);

function executed(characters: number) {
  const notebook = parseNotebook(JSON.stringify(notebookOf(["1"])), "x");
  notebook.cells[1].outputs = [
    { output_type: "stream", name: "stdout", text: "x".repeat(characters) },
  ];
  return notebook;
}

/** All files below a folder with their contents. */
function snapshot(folder: string): [string, string][] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => [file, sha256(fs.readFileSync(file))] as [string, string])
    .sort();
}

test("on a disk that fills up, files are whole or as they were, and go on with space", (t) => {
  const disk = mountDisk(t, "300k");
  if (!disk) {
    return;
  }
  const random = randomFor("disk");
  const contents = new Map<string, string>();
  let full = 0;
  for (let i = 0; i < 500; i++) {
    const file = path.join(disk.folder, `file-${Math.floor(random() * 8)}.txt`);
    const text = String.fromCharCode(97 + (i % 26)).repeat(Math.floor(random() * 120_000));
    try {
      writeAtomically(file, text);
      contents.set(file, text);
    } catch (error) {
      assert.match((error as Error).message, /could not be written: the disk is full\. Free some/);
      full++;
      if (random() < 0.3) {
        const [first] = contents.keys();
        if (first) {
          fs.rmSync(first);
        }
        if (first) {
          contents.delete(first);
        }
      }
    }
    assert.deepEqual(
      snapshot(disk.folder),
      [...contents].map(([name, kept]) => [name, sha256(Buffer.from(kept))]).sort(),
    );
  }
  assert.ok(full > 20 && full < 480, `full ${full} times`);
});

test("a download for which there is no room says so, leaves nothing, and works with room", async (t) => {
  const disk = mountDisk(t, "256k");
  if (!disk) {
    return;
  }
  const options = quietOptions(disk.folder, sampleRegistry([entryAt("/full/file.bin")]));
  await assert.rejects(loadFile("sample", "file.bin", options), (error: Error) => {
    assert.ok(error instanceof DataError, String(error));
    assert.match(error.message, /cannot be written \(ENOSPC\).*Make room/s);
    return true;
  });
  assert.deepEqual(snapshot(disk.folder), []);
  const room = mountDisk(t, "2m")!;
  const elsewhere = { ...options, cacheFolder: path.join(room.folder, "cache") };
  assert.equal(sha256(await loadFile("sample", "file.bin", elsewhere)), sha256(content));
});

test("a notebook for whose outputs there is no room stays as it was", (t) => {
  const disk = mountDisk(t, "100k");
  if (!disk) {
    return;
  }
  const lesson = writeNotebook(disk.folder, "lesson.ipynb", ["1"]);
  const before = snapshot(disk.folder);
  assert.throws(() => storeExecuted(lesson, executed(300_000)), /ENOSPC/);
  assert.deepEqual(snapshot(disk.folder), before);
  storeExecuted(lesson, executed(1000));
});

test("in folders that cannot be written everything is refused in words, and read all the same", async (t) => {
  const disk = mountDisk(t, "2m");
  if (!disk) {
    return;
  }
  const options = quietOptions(disk.folder, sampleRegistry([entryAt("/read-only/file.bin")]));
  await loadFile("sample", "file.bin", options);
  const lesson = writeNotebook(disk.folder, "lesson.ipynb", ["1"]);
  const before = snapshot(disk.folder);
  disk.makeReadOnly();

  assert.equal(sha256(await loadFile("sample", "file.bin", options)), sha256(content));
  const other = { ...options, cacheFolder: path.join(disk.folder, "other") };
  const asked = server.requests.length;
  await assert.rejects(
    loadFile("sample", "file.bin", other),
    /cannot be written \(E(ROFS|NOENT)\).*KARENINA_CACHE/s,
  );
  assert.equal(server.requests.length, asked, "nothing is fetched that can't be kept");
  const file = path.join(disk.folder, "cv", "file.txt");
  assert.throws(() => writeAtomically(file, "x"), /you may not write in that folder/);
  assert.throws(
    () => lockCheckpoints(path.join(disk.folder, "cv/checkpoint")),
    /you may not write/,
  );
  assert.throws(() => storeExecuted(lesson, executed(10)), /EROFS/);
  assert.deepEqual(snapshot(disk.folder), before);
});
