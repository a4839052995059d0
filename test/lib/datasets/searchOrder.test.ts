import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { fetchDataSet, loadFile, loadTable, loadText } from "../../../lib/datasets/dataSets";
import { DataError } from "../../../lib/text/dataError";
import { type MirrorServer, startMirrorServer, whole } from "./mirrorServer";
import { cachedFiles, fileEntry, quietOptions, sampleRegistry, temporaryFolder } from "./workspace";

const content = Buffer.from("The text of the sample.\n");

let server: MirrorServer;
let url: string;
before(async () => {
  server = await startMirrorServer();
  url = server.serve("/sample.txt", whole(content));
});
after(() => server.close());

function setUp(t: TestContext, entry = {}) {
  const registry = sampleRegistry([fileEntry("sample.txt", content, [url])], entry);
  const options = quietOptions(temporaryFolder(t), registry);
  const put = (root: string, text: string | Buffer, folder = "sample") => {
    mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, folder, "sample.txt"), text);
  };
  return { options, put };
}

async function requestsDuring(work: () => Promise<unknown>): Promise<number> {
  const start = server.requests.length;
  await work();
  return server.requests.length - start;
}

test("the data folder comes first, then the cache, then the network", async (t) => {
  const { options, put } = setUp(t);
  assert.equal(await requestsDuring(() => loadText("sample", options)), 1);
  assert.equal(await requestsDuring(() => loadText("sample", options)), 0);
  const cached = path.join(options.cacheFolder, "datasets", "sample", "sample.txt");
  assert.deepEqual(await fetchDataSet("sample", options), { "sample.txt": cached });

  put(options.dataFolder!, content);
  const own = path.join(options.dataFolder!, "sample", "sample.txt");
  assert.deepEqual(await fetchDataSet("sample", options), { "sample.txt": own });
});

test("a data set can lie in another folder of the data folder", async (t) => {
  const { options, put } = setUp(t, { folder: "tabular", kind: "table" });
  put(options.dataFolder!, content, "tabular");
  const table = await loadTable("sample", { ...options, offline: true });
  assert.equal(table.csv, content.toString());
  assert.equal(table.path, path.join(options.dataFolder!, "tabular", "sample.txt"));
});

test("the cache of one user is the data folder of another, tables included", async (t) => {
  const { options } = setUp(t, { folder: "tabular", kind: "table" });
  await fetchDataSet("sample", options);
  const dataFolder = path.join(options.cacheFolder, "datasets");
  const cacheFolder = temporaryFolder(t);
  const shared = { ...options, dataFolder, cacheFolder, offline: true };
  assert.equal((await loadTable("sample", shared)).csv, content.toString());
});

test("KARENINA_DATA and KARENINA_CACHE are used where no option is given", async (t) => {
  const { options, put } = setUp(t);
  put(options.dataFolder!, content);
  const before = { data: process.env.KARENINA_DATA, cache: process.env.KARENINA_CACHE };
  try {
    process.env.KARENINA_DATA = options.dataFolder;
    process.env.KARENINA_CACHE = options.cacheFolder;
    const { registry, notify } = options;
    const files = await fetchDataSet("sample", { registry: registry!, notify: notify! });
    assert.deepEqual(Object.values(files), [
      path.join(options.dataFolder!, "sample", "sample.txt"),
    ]);
  } finally {
    restore("KARENINA_DATA", before.data);
    restore("KARENINA_CACHE", before.cache);
  }
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) {
    delete process.env[name];
  } else {
    process.env[name] = value;
  }
}

test("a damaged file in the data folder is reported and not used", async (t) => {
  const { options, put } = setUp(t);
  const damaged = Buffer.from(content);
  damaged[0] ^= 1;
  put(options.dataFolder!, damaged);
  assert.equal(await loadText("sample", options), content.toString());
  const own = path.join(options.dataFolder!, "sample", "sample.txt");
  assert.ok(
    options.lines.some((line) => line.startsWith(`${own} is damaged: it has sha256`)),
    options.lines.join("\n"),
  );
  assert.deepEqual(readFileSync(own), damaged, "the user's own file is left alone");
});

test("offline, a damaged file in the data folder is named in the error", async (t) => {
  const { options, put } = setUp(t);
  put(options.dataFolder!, "cut off");
  await assert.rejects(loadText("sample", { ...options, offline: true }), (error) => {
    assert.ok(error instanceof DataError);
    assert.equal(error.code, "offline");
    assert.match(error.message, /sample\.txt in the data folder \(has 7 bytes where 24 are/);
    return true;
  });
});

test("a damaged file in the cache is fetched again", async (t) => {
  const { options, put } = setUp(t);
  put(path.join(options.cacheFolder, "datasets"), "cut off");
  assert.equal(await loadText("sample", options), content.toString());
  assert.deepEqual(cachedFiles(options), ["sample.txt"]);
  assert.match(options.lines[0], /is damaged: it has 7 bytes where 24 are expected/);
});

test("offline with nothing cached: fails at once with the places and the hash", async (t) => {
  const { options } = setUp(t);
  const asked = await requestsDuring(() =>
    assert.rejects(loadText("sample", { ...options, offline: true }), (error) => {
      assert.ok(error instanceof DataError);
      assert.equal(error.code, "offline");
      for (const root of [options.dataFolder!, path.join(options.cacheFolder, "datasets")]) {
        assert.ok(error.message.includes(path.join(root, "sample", "sample.txt")));
      }
      assert.ok(error.message.includes(fileEntry("", content, []).sha256));
      assert.match(error.message, /npx karenina datasets fetch sample/);
      assert.match(error.message, /"other-sample" \(Another sample\).*loadText\("other-sample"\)/);
      return true;
    }),
  );
  assert.equal(asked, 0);
});

test("offline, what is cached is used", async (t) => {
  const { options } = setUp(t);
  await loadText("sample", options);
  assert.equal(await loadText("sample", { ...options, offline: true }), content.toString());
});

test("KARENINA_OFFLINE=1 switches the network off, an option switches it on again", async (t) => {
  const { options } = setUp(t);
  const { offline, ...byEnvironment } = options;
  const before = process.env.KARENINA_OFFLINE;
  try {
    process.env.KARENINA_OFFLINE = "1";
    await assert.rejects(loadText("sample", byEnvironment), { code: "offline" });
    process.env.KARENINA_OFFLINE = "0";
    assert.equal(await loadText("sample", byEnvironment), content.toString());
    process.env.KARENINA_OFFLINE = "1";
    const fresh = { ...options, cacheFolder: `${options.cacheFolder}2`, offline: false };
    assert.equal(await loadText("sample", fresh), content.toString());
  } finally {
    restore("KARENINA_OFFLINE", before);
  }
});

test("licence and citation are shown once, also by the next process", async (t) => {
  const { options } = setUp(t);
  await loadText("sample", options);
  await loadText("sample", options);
  assert.deepEqual(options.lines, ["A sample. Licence: CC0 1.0. Cite: Nobody (2000). A sample."]);
  const marker = path.join(options.cacheFolder, "datasets", "sample", ".licence-shown");
  assert.equal(readFileSync(marker, "utf8"), `${options.lines[0]}\n`);
});

test("only the files that are asked for are fetched", async (t) => {
  const second = server.serve("/second.txt", whole(Buffer.from("second")));
  const registry = sampleRegistry([
    fileEntry("sample.txt", content, [url]),
    fileEntry("second.txt", Buffer.from("second"), [second]),
  ]);
  const options = quietOptions(temporaryFolder(t), registry);
  await loadFile("sample", "second.txt", options);
  assert.deepEqual(cachedFiles(options), ["second.txt"]);
  await assert.rejects(loadFile("sample", "third.txt", options), {
    code: "unknown-file",
    message: 'The data set "sample" has no file "third.txt". It has: sample.txt, second.txt.',
  });
});

test("an option that is no number of seconds is refused", async (t) => {
  const { options } = setUp(t);
  await assert.rejects(loadText("sample", { ...options, stallSeconds: Number.NaN }), {
    code: "bad-option",
  });
});
