import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type TestContext, test } from "node:test";
import { loadAddresses } from "../../../lib/datasets/addresses";
import { parseRegistry } from "../../../lib/datasets/registry";
import { fileEntry, temporaryFolder } from "./workspace";

const stored = [
  { president: "George Washington", year: 1790, text: "Fellow-Citizens" },
  { president: "Franklin D Roosevelt", year: 1934, party: "Democratic", text: "one" },
  { president: "Donald J Trump", year: 2017, party: "Republican", text: "two" },
  { president: "Donald J Trump", year: 2018, party: "Republican", text: "three" },
];

function setUp(t: TestContext) {
  const dataFolder = temporaryFolder(t);
  const content = Buffer.from(JSON.stringify(stored));
  mkdirSync(path.join(dataFolder, "sotu"));
  writeFileSync(path.join(dataFolder, "sotu", "addresses.json"), content);
  const registry = parseRegistry({
    version: 1,
    dataSets: {
      sotu: {
        title: "Addresses",
        description: "Some.",
        kind: "addresses",
        licence: "public domain",
        citation: "None.",
        files: [fileEntry("addresses.json", content, ["http://127.0.0.1:9/addresses.json"])],
      },
    },
  });
  const cacheFolder = temporaryFolder(t);
  return { dataFolder, cacheFolder, registry, offline: true, notify: () => {} };
}

test("addresses are chosen by president and year", async (t) => {
  const options = setUp(t);
  assert.deepEqual(await loadAddresses(options), stored);
  for (const president of ["Trump", "trump", "Donald Trump", "Donald J. Trump"]) {
    assert.deepEqual(await loadAddresses({ ...options, president }), stored.slice(2));
  }
  assert.deepEqual(await loadAddresses({ ...options, from: 1934, to: 2017 }), stored.slice(1, 3));
  assert.deepEqual(await loadAddresses({ ...options, president: "Trump", from: 2018 }), [
    stored[3],
  ]);
});

test("a name or years without an address are reported", async (t) => {
  const options = setUp(t);
  await assert.rejects(loadAddresses({ ...options, president: "Trumb" }), {
    code: "bad-option",
    message: /"Trumb".*Did you mean "Donald J Trump"\?.*George Washington, Franklin D Roosevelt/,
  });
  await assert.rejects(loadAddresses({ ...options, president: "" }), { code: "bad-option" });
  await assert.rejects(loadAddresses({ ...options, president: "Trump", to: 2000 }), {
    code: "bad-option",
    message:
      "There is no address of Trump from the start to 2000; the addresses of Trump are of 2017 to 2018.",
  });
  await assert.rejects(loadAddresses({ ...options, from: 2020, to: 2010 }), {
    code: "bad-option",
  });
  await assert.rejects(loadAddresses({ ...options, from: 2017.5 }), {
    code: "bad-option",
    message: /whole year/,
  });
});
