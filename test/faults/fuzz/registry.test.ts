import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { findDataSet, parseRegistry, type Registry } from "../../../lib/datasets/registry";
import { DataError } from "../../../lib/text/dataError";
import { fuzz } from "../settings";
import { changedAt, changeKind, nastyText, nastyValue, pathsIn } from "./mutations";

const shipped: unknown = JSON.parse(
  readFileSync(path.resolve(__dirname, "../../../datasets/registry.json"), "utf8"),
);

/** What a program relies on when it fetches by a registry, said independently of its schema. */
function requireSafe(registry: Registry): void {
  for (const [name, entry] of Object.entries(registry.dataSets)) {
    assert.match(name, /^[a-z0-9-]+$/);
    if (entry.standIn !== undefined) {
      assert.ok(Object.hasOwn(registry.dataSets, entry.standIn));
    }
    assert.ok(entry.files.length > 0);
    for (const { name: file, bytes, sha256, mirrors } of entry.files) {
      assert.equal(path.basename(file), file, "a file stays in its folder");
      assert.ok(!file.startsWith("."));
      assert.ok(Number.isSafeInteger(bytes) && bytes > 0);
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.ok(entry.npm || mirrors.length > 0);
      for (const url of mirrors) {
        assert.match(new URL(url).protocol, /^https?:$/);
      }
    }
    if (entry.npm) {
      const { package: npm, version, integrity } = entry.npm;
      // Handed to npm as a word of its own: no option, no address, no path.
      assert.match(npm, /^(@[a-z0-9-]+\/)?[a-z0-9][a-z0-9._-]*$/);
      assert.match(version, /^[0-9.]+$/);
      assert.equal(Buffer.from(integrity.slice(7), "base64").length, 64);
    }
  }
}

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((b) => Buffer.from(b).toString("hex"));
const name = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}$/);
const file = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/),
  bytes: fc.integer({ min: 1 }),
  sha256: hash,
  mirrors: fc.array(fc.webUrl({ validSchemes: ["https", "http"] }), { minLength: 1, maxLength: 3 }),
});
const entry = fc.record({
  title: fc.string({ minLength: 1 }),
  description: fc.string({ minLength: 1 }),
  kind: fc.constantFrom("text", "table", "images", "addresses"),
  licence: fc.string({ minLength: 1 }),
  citation: fc.string({ minLength: 1 }),
  files: fc.uniqueArray(file, { selector: (each) => each.name, minLength: 1, maxLength: 3 }),
});
const registries = fc.record({
  version: fc.constant(1),
  dataSets: fc.dictionary(name, entry, { maxKeys: 4, noNullPrototype: true }),
});

test("any registry that is right is read as it was written", () => {
  fc.assert(
    fc.property(registries, (made) => {
      const registry = JSON.parse(JSON.stringify(made));
      const read = parseRegistry(registry);
      assert.deepEqual(read, registry);
      requireSafe(read);
    }),
    fuzz(0.1),
  );
});

test("a registry with one thing changed is safe to fetch by, or refused by the place", () => {
  const paths = pathsIn(shipped);
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...paths), changeKind, nastyValue, (at, kind, other) => {
      let read: Registry;
      try {
        read = parseRegistry(changedAt(shipped, at, kind, other), "the file");
      } catch (error) {
        assert.ok(error instanceof DataError, String(error));
        assert.equal(error.code, "bad-registry");
        assert.match(error.message, /^the file does not fit its schema: .+ Mend these places/s);
        refused++;
        return;
      }
      requireSafe(read);
    }),
    fuzz(0.4),
  );
  assert.ok(refused > fuzz(0.4).numRuns / 3, `only ${refused} were refused`);
});

test("a registry that is anything is refused", () => {
  fc.assert(
    fc.property(nastyValue, (value) => {
      assert.throws(() => parseRegistry(value), { name: "DataError", code: "bad-registry" });
    }),
    fuzz(0.3),
  );
});

test("a name that is not there is refused, whatever it is", () => {
  const registry = parseRegistry(shipped);
  fc.assert(
    fc.property(nastyText, (wanted) => {
      if (Object.hasOwn(registry.dataSets, wanted)) {
        return;
      }
      assert.throws(() => findDataSet(registry, wanted), {
        name: "DataError",
        code: "unknown-data-set",
      });
    }),
    fuzz(0.2),
  );
});
