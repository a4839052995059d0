import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import type { FileEntry } from "../../../lib/datasets/registry";
import { type MirrorServer, startMirrorServer } from "../../lib/datasets/mirrorServer";
import {
  fileEntry,
  sampleRegistry,
  sha256,
  someBytes,
  temporaryFolder,
} from "../../lib/datasets/workspace";
import { killsOf, randomFor } from "../settings";
import { killAfter } from "./killing";

const root = path.resolve(__dirname, "../../..");
const content = someBytes(600_000);
/** What the mirror serves of a file that is made of something else: four characters more. */
const raw = Buffer.from(`1234${content.toString("base64")}`);
const made = raw.subarray(4);

let server: MirrorServer;
before(async () => {
  server = await startMirrorServer();
});
after(() => server.close());

/** Serves a file a tenth at a time. */
function slowly(bytes: Buffer, milliseconds: number): string {
  const name = `/${server.requests.length}-${Math.floor(performance.now() * 1000)}`;
  return server.serve(name, async (_request, response) => {
    response.writeHead(200, { "content-length": bytes.length });
    const step = Math.ceil(bytes.length / 10);
    for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
      response.write(bytes.subarray(at, at + step));
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    }
    response.end();
  });
}

function startFetcher(folder: string, entry: FileEntry): ChildProcess {
  const registry = path.join(folder, "registry.json");
  writeFileSync(registry, JSON.stringify(sampleRegistry([entry])));
  const { KARENINA_DATA: _, ...env } = process.env;
  const loader = path.join(root, "node_modules/tsx/dist/cjs/index.cjs");
  const script = path.join(root, "test/lib/datasets/fetchOnce.ts");
  const args = ["-r", loader, script, registry, path.join(folder, "cache")];
  return spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
}

test("a download that is killed leaves nothing or a whole file, and may be begun again", async (t) => {
  const random = randomFor("download");
  const kills = killsOf("download");
  let killed = 0;
  let finished = 0;
  while (killed < kills || finished < 2) {
    const folder = temporaryFolder(t);
    const sample = path.join(folder, "cache", "datasets", "sample");
    const isMade = finished % 2 === 1;
    const url = slowly(isMade ? raw : content, 20);
    const whole = isMade ? made : content;
    const entry: FileEntry = {
      ...fileEntry("file.bin", whole, [url]),
      ...(isMade && {
        raw: {
          bytes: raw.length,
          sha256: sha256(raw),
          transform: { kind: "cutCharacters", count: 4 },
        },
      }),
    };
    for (let left = Math.min(kills - killed, 1 + Math.floor(random() * 8)); ; left--) {
      const child = startFetcher(folder, entry);
      let output = "";
      let errors = "";
      child.stdout!.on("data", (chunk) => (output += chunk));
      child.stderr!.on("data", (chunk) => (errors += chunk));
      const ended = once(child, "close");
      if (left > 0) {
        await Promise.race([once(child.stdout!, "data"), ended]);
        if (await killAfter(child, random() * 500)) {
          killed++;
        }
      }
      await ended;
      const file = path.join(sample, "file.bin");
      if (existsSync(file)) {
        assert.equal(sha256(readFileSync(file)), sha256(whole));
      }
      if (child.signalCode === "SIGKILL") {
        continue;
      }
      assert.equal(child.exitCode, 0, errors);
      assert.equal(output, `started\n${sha256(whole)}\n`);
      break;
    }
    const names = readdirSync(sample).filter((name) => name !== ".licence-shown");
    assert.deepEqual(names, ["file.bin"], "no part is left lying about");
    finished++;
  }
  t.diagnostic(`${killed} downloads killed, ${finished} brought to their end`);
});
