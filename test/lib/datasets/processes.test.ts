import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { loadFile } from "../../../lib/datasets/dataSets";
import { type MirrorServer, startMirrorServer, whole } from "./mirrorServer";
import {
  cachedFiles,
  fileEntry,
  quietOptions,
  sampleRegistry,
  sha256,
  someBytes,
  temporaryFolder,
} from "./workspace";

const root = path.resolve(__dirname, "../../..");
const content = someBytes(400_000);

let server: MirrorServer;
before(async () => {
  server = await startMirrorServer();
});
after(() => server.close());

interface Fetcher {
  child: ChildProcess;
  /** Settles when the process has ended. */
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts test/lib/datasets/fetchOnce.ts in a real process. */
function startFetcher(folder: string, url: string, user?: number): Fetcher {
  const registry = path.join(folder, "registry.json");
  writeFileSync(registry, JSON.stringify(sampleRegistry([fileEntry("file.bin", content, [url])])));
  const loader = path.join(root, "node_modules/tsx/dist/cjs/index.cjs");
  const script = path.join(__dirname, "fetchOnce.ts");
  const env = { ...process.env };
  delete env.KARENINA_DATA;
  const child = spawn(
    process.execPath,
    ["-r", loader, script, registry, path.join(folder, "cache")],
    { env, ...(user === undefined ? {} : { uid: user, gid: user }) },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  return { child, ended };
}

function cacheIn(folder: string) {
  return { cacheFolder: path.join(folder, "cache") };
}

test("two processes at once fetch twice, and both succeed", async (t) => {
  const folder = temporaryFolder(t);
  const good = whole(content);
  const waiting: (() => void)[] = [];
  // Neither gets an answer before both have asked.
  const url = server.serve("/two/file.bin", (request, response) => {
    waiting.push(() => good(request, response));
    if (waiting.length === 2) {
      for (const answerNow of waiting) {
        answerNow();
      }
    }
  });
  const fetchers = [startFetcher(folder, url), startFetcher(folder, url)];
  for (const { ended } of fetchers) {
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `started\n${sha256(content)}\n`);
  }
  assert.deepEqual(cachedFiles(cacheIn(folder)), ["file.bin"]);
});

test("killed in the middle of a download: nothing is left, and the next process fetches all", async (t) => {
  const folder = temporaryFolder(t);
  let sent = () => {};
  const half = new Promise<void>((resolve) => {
    sent = resolve;
  });
  let isSecond = false;
  const url = server.serve("/killed/file.bin", (request, response) => {
    if (isSecond) {
      return whole(content)(request, response);
    }
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, content.length / 2), () => sent());
  });
  const { child, ended } = startFetcher(folder, url);
  await Promise.race([half, ended]);
  child.kill("SIGKILL");
  await ended;
  assert.equal(child.signalCode, "SIGKILL", "the process ended before it was killed");
  assert.deepEqual(cachedFiles(cacheIn(folder)), [], "half a file is never taken for a whole");

  isSecond = true;
  const { code, stdout, stderr } = await startFetcher(folder, url).ended;
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `started\n${sha256(content)}\n`);
  assert.deepEqual(cachedFiles(cacheIn(folder)), ["file.bin"]);
});

test("two loads of one data set in one process share the work", async (t) => {
  const url = server.serve("/one/file.bin", whole(content));
  const registry = sampleRegistry([fileEntry("file.bin", content, [url])]);
  const options = quietOptions(temporaryFolder(t), registry);
  const loads = await Promise.all([1, 2, 3].map(() => loadFile("sample", "file.bin", options)));
  for (const bytes of loads) {
    assert.equal(sha256(bytes), sha256(content));
  }
  assert.equal(server.requests.filter(({ path }) => path === "/one/file.bin").length, 1);
});

/** A user id that may not write where it should not: our own, or nobody's if we are root. */
function ordinaryUser(t: TestContext): number | undefined {
  if (process.platform === "win32") {
    t.skip("permissions work otherwise on Windows");
  }
  return process.getuid?.() === 0 ? 65534 : undefined;
}

test("a read-only cache: the error names the folder and KARENINA_CACHE", async (t) => {
  const folder = temporaryFolder(t);
  const user = ordinaryUser(t);
  const cache = path.join(folder, "cache");
  mkdirSync(cache);
  chmodSync(folder, 0o755);
  chmodSync(cache, 0o555);
  const url = server.serve("/readonly/file.bin", whole(content));
  const { code, stderr } = await startFetcher(folder, url, user).ended;
  if (/EACCES.*node_modules|Cannot find module/.test(stderr)) {
    t.skip("an ordinary user cannot read this checkout");
    return;
  }
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^cache-not-writable: The cache folder .*cache.* cannot be written \(EACCES\)/,
  );
  assert.match(stderr, /set KARENINA_CACHE to another folder/);
  assert.equal(server.requests.filter(({ path }) => path === "/readonly/file.bin").length, 0);
});

test("a read-only cache that has the file already is good enough", async (t) => {
  const folder = temporaryFolder(t);
  const user = ordinaryUser(t);
  const sample = path.join(folder, "cache", "datasets", "sample");
  mkdirSync(sample, { recursive: true });
  writeFileSync(path.join(sample, "file.bin"), content);
  chmodSync(folder, 0o755);
  chmodSync(sample, 0o555);
  const { code, stdout, stderr } = await startFetcher(folder, "http://127.0.0.1:9/", user).ended;
  chmodSync(sample, 0o755);
  if (/EACCES.*node_modules|Cannot find module/.test(stderr)) {
    t.skip("an ordinary user cannot read this checkout");
    return;
  }
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `started\n${sha256(content)}\n`);
});

test("a file in the place of the cache folder is reported", async (t) => {
  const folder = temporaryFolder(t);
  const url = server.serve("/blocked/file.bin", whole(content));
  const options = quietOptions(folder, sampleRegistry([fileEntry("file.bin", content, [url])]));
  writeFileSync(options.cacheFolder, "in the way");
  await assert.rejects(loadFile("sample", "file.bin", options), { code: "cache-not-writable" });
});
