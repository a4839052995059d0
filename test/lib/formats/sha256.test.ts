import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { sha256 } from "../../../lib/formats/sha256";

const nodes = (parts: readonly Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest("hex");
};

test("SHA-256 is that of the standard's examples", () => {
  const of = (text: string) => sha256([new TextEncoder().encode(text)]);
  assert.equal(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("SHA-256 is Node's for every length around a block's end", () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * i * 31) & 255);
    assert.equal(sha256([bytes]), nodes([bytes]), `${length} bytes`);
  }
});

test("SHA-256 is Node's, however the bytes are cut into parts", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (parts) => {
      assert.equal(sha256(parts), nodes(parts));
    }),
  );
});
