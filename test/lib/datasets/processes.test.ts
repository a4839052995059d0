import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
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

test("two processes at once: one downloads, the other waits, both succeed", async (t) => {
  const folder = temporaryFolder(t);
  let release = () => {};
  const asked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const good = whole(content);
  let answerNow = () => {};
  const url = server.serve("/two/file.bin", (request, response) => {
    answerNow = () => good(request, response);
    release();
  });
  const first = startFetcher(folder, url);
  await asked;
  const second = startFetcher(folder, url);
  // The answer comes only when the second process has met the lock.
  await new Promise<void>((resolve) => {
    let text = "";
    second.child.stderr?.on("data", (chunk) => {
      text += chunk;
      if (text.includes("Another process is fetching")) resolve();
    });
    second.child.on("close", () => resolve());
  });
  answerNow();
  for (const { code, stdout, stderr } of await Promise.all([first.ended, second.ended])) {
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `started\n${sha256(content)}\n`);
  }
  const requests = server.requests.filter((request) => request.path === "/two/file.bin");
  assert.equal(requests.length, 1);
  assert.deepEqual(cachedFiles(cacheIn(folder)), ["file.bin"]);
});

test("killed in the middle of a download: the next process goes on", async (t) => {
  const folder = temporaryFolder(t);
  const half = content.length / 2;
  const url = server.serve("/killed/file.bin", (request, response) => {
    if (request.headers.range) {
      whole(content)(request, response);
    } else {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, half));
    }
  });
  const { child, ended } = startFetcher(folder, url);
  const cache = path.join(folder, "cache", "datasets", "sample");
  const part = path.join(cache, "file.bin.part");
  while (!existsSync(part) || statSync(part).size < half) {
    assert.equal(child.exitCode, null, "the process ended before it was killed");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  await ended;
  assert.ok(existsSync(path.join(cache, ".lock")), "the dead process left its lock");
  assert.ok(!existsSync(path.join(cache, "file.bin")), "half a file is never taken for a whole");

  const { code, stdout, stderr } = await startFetcher(folder, url).ended;
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `started\n${sha256(content)}\n`);
  const ranges = server.requests
    .filter((request) => request.path === "/killed/file.bin")
    .map((request) => request.range);
  assert.deepEqual(ranges, [undefined, `bytes=${half}-`]);
  assert.deepEqual(cachedFiles(cacheIn(folder)), ["file.bin"]);
});

test("two loads of one data set in one process share the work", async (t) => {
  const url = server.serve("/one/file.bin", whole(content));
  const registry = sampleRegistry([fileEntry("file.bin", content, [url])]);
  const options = quietOptions(temporaryFolder(t), registry);
  const loads = await Promise.all([1, 2, 3].map(() => loadFile("sample", "file.bin", options)));
  for (const bytes of loads) assert.equal(sha256(bytes), sha256(content));
  assert.equal(server.requests.filter(({ path }) => path === "/one/file.bin").length, 1);
});

test("a lock that is kept too long is told of", async (t) => {
  let mayEnd = false;
  const sockets: { destroy(): void }[] = [];
  const url = server.serve("/kept/file.bin", ({ socket }) => {
    if (mayEnd) socket.destroy();
    else sockets.push(socket);
  });
  const options = quietOptions(
    temporaryFolder(t),
    sampleRegistry([fileEntry("file.bin", content, [url])]),
  );
  const first = loadFile("sample", "file.bin", options);
  while (sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await assert.rejects(loadFile("sample", "file.bin", { ...options, lockWaitSeconds: 0 }), {
    code: "lock-timeout",
  });
  // Only now does the mirror let go of the first one.
  mayEnd = true;
  for (const socket of sockets) socket.destroy();
  await assert.rejects(first, { code: "download-failed" });
});

/** A user id that may not write where it should not: our own, or nobody's if we are root. */
function ordinaryUser(t: TestContext): number | undefined {
  if (process.platform === "win32") t.skip("permissions work otherwise on Windows");
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

test("a file in the place of the cache folder is told of", async (t) => {
  const folder = temporaryFolder(t);
  const url = server.serve("/blocked/file.bin", whole(content));
  const options = quietOptions(folder, sampleRegistry([fileEntry("file.bin", content, [url])]));
  writeFileSync(options.cacheFolder, "in the way");
  await assert.rejects(loadFile("sample", "file.bin", options), { code: "cache-not-writable" });
});
