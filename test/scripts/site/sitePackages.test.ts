import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type PackageRequest, writeSitePackages } from "../../../scripts/site/sitePackages";
import { temporaryFolder } from "../../runner/client/kernels";

const GOOD = {
  url: "https://cdn.example/npm/d3-array@3.2.4/+esm",
  integrity: `sha384-${"A".repeat(64)}`,
};

async function made(packages: object, bundle?: string[], taken?: string[]) {
  const folder = temporaryFolder();
  const cdn = join(folder, "cdn.json");
  writeFileSync(cdn, JSON.stringify({ packages }));
  const request: PackageRequest = { bundle, cdn };
  return { folder, ...(await writeSitePackages(folder, request, taken)) };
}

test("an exact version and a hash are a package's conditions", async () => {
  for (const url of [
    "https://cdn.example/npm/d3-array@3/+esm",
    "https://cdn.example/npm/d3-array@latest/+esm",
    "https://cdn.example/npm/d3-array/+esm",
    "https://cdn.example/npm/d3-array@3.2/+esm",
    "https://cdn.example/npm/d3-array@^3.2.4/+esm",
  ]) {
    await assert.rejects(made({ "d3-array": { ...GOOD, url } }), /names no exact version/, url);
  }
  for (const url of [
    GOOD.url,
    "https://cdn.example/d3-array@3.2.4",
    "https://cdn.example/ajax/libs/d3/7.9.0/d3.min.js",
    "https://cdn.example/d3@8.0.0-rc.1?bundle",
    "http://127.0.0.1:8000/x@1.2.3/x.js",
  ]) {
    const { cdn } = await made({ "d3-array": { ...GOOD, url } });
    assert.deepEqual(cdn, { "d3-array": { ...GOOD, url } });
  }
  await assert.rejects(
    made({ x: { ...GOOD, url: "http://cdn.example/x@1.2.3/x.js" } }),
    /begins with https/,
  );
  await assert.rejects(made({ x: { url: GOOD.url } }), /needs the "integrity".*openssl dgst/);
  await assert.rejects(made({ x: { ...GOOD, integrity: "md5-AAAA" } }), /needs the "integrity"/);
});

test("what is wrong with a list is said by its name", async () => {
  await assert.rejects(made({ x: { ...GOOD, sha256: "0" } }), /cdn\.json: x has "sha256"; known/);
  await assert.rejects(made({ x: { ...GOOD, types: "none.d.ts" } }), /types" of x are no file/);
  await assert.rejects(made(["x"]), /has to be \{ "packages"/);
  await assert.rejects(
    writeSitePackages(temporaryFolder(), { cdn: "no-such-file.json" }),
    /no-such-file\.json cannot be read/,
  );
});

test("declarations come from the project's own packages, from a folder, or there are none", async () => {
  const types = temporaryFolder();
  mkdirSync(join(types, "lib"));
  writeFileSync(join(types, "package.json"), JSON.stringify({ types: "lib/index.d.ts" }));
  writeFileSync(join(types, "lib", "index.d.ts"), "export declare const x: number;");
  const { cdn, declarations, lines, code } = await made({
    seedrandom: GOOD,
    own: { ...GOOD, types },
    "lodash.truncate": GOOD,
  });
  assert.deepEqual(declarations, {
    seedrandom: "/home/node_modules/@types/seedrandom/index.d.ts",
    own: "/home/node_modules/own/lib/index.d.ts",
  });
  assert.equal(cdn.own.types, declarations.own);
  assert.equal("types" in cdn["lodash.truncate"], false);
  assert.deepEqual(lines, [
    "lodash.truncate has no declarations here: to cells all of it is `any`.",
  ]);
  assert.deepEqual(code.match(/from "(.*)"/g), ['from "seedrandom"', 'from "own"']);
});

test("a package is bundled where it is installed and a page can have it", async () => {
  const { folder, modules } = await made({}, ["minisearch", "lodash/fp"]);
  for (const name of ["minisearch", "lodash/fp"]) {
    assert.ok(existsSync(join(folder, modules[name].script)), name);
  }
  await assert.rejects(made({}, ["no-such-package"]), /Install it first: npm install no-such-pack/);
  await assert.rejects(made({}, ["tar"]), /tar cannot be bundled for a page: .*Could not resolve/);
  await assert.rejects(made({ x: GOOD }, ["x"]), /x is on the site already/);
  await assert.rejects(made({}, ["karenina"], ["karenina"]), /karenina is on the site already/);
});
