import assert from "node:assert/strict";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { lockCheckpoints } from "../../../lib/cli/checkpointPlaces";
import { loadFile } from "../../../lib/datasets/dataSets";
import { writeAtomically } from "../../../lib/host/node/writeAtomically";
import {
  fileEntry,
  quietOptions,
  sampleRegistry,
  sha256,
  someBytes,
  temporaryFolder,
} from "../../lib/datasets/workspace";

const content = someBytes(10_000);
/** Times, in seconds from now, at which something was last touched before the clock was set. */
const JUMPS = { "a year ago": -365 * 86_400, "in a year": 365 * 86_400, "in a minute": 60 };

for (const [name, seconds] of Object.entries(JUMPS)) {
  const then = () => Date.now() / 1000 + seconds;

  test(`a cached file that was touched ${name} is read, not fetched`, async (t) => {
    const folder = temporaryFolder(t);
    const entry = fileEntry("file.bin", content, ["http://127.0.0.1:9/"]);
    const options = quietOptions(folder, sampleRegistry([entry]));
    const file = path.join(options.cacheFolder, "datasets/sample/file.bin");
    writeAtomically(file, content);
    utimesSync(file, then(), then());
    assert.equal(sha256(await loadFile("sample", "file.bin", options)), sha256(content));
  });

  test(`a training's lock is its process's, though it was touched ${name}`, async (t) => {
    const folder = temporaryFolder(t);
    const series = path.join(folder, "checkpoint");
    const unlock = lockCheckpoints(series);
    utimesSync(`${series}.lock`, then(), then());
    assert.throws(() => lockCheckpoints(series), /Another training, process/);
    // The same number, but a process that began at another time.
    const owner = JSON.parse(readFileSync(`${series}.lock`, "utf8"));
    writeFileSync(`${series}.lock`, JSON.stringify({ ...owner, began: "1" }));
    utimesSync(`${series}.lock`, then(), then());
    const again = lockCheckpoints(series);
    again();
    unlock();
  });
}
