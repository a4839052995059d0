import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { base64, bytesOfBase64, concatenated, crc32 } from "../../../lib/formats/bytes";

test("bytes are joined and written in base64 as Node's buffers are", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 5 }), (parts) => {
      const whole = concatenated(parts);
      const expected = Buffer.concat(parts);
      assert.deepEqual(Buffer.from(whole), expected);
      assert.equal(base64(whole), expected.toString("base64"));
      assert.deepEqual(bytesOfBase64(base64(whole)), whole);
    }),
  );
  const long = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
  assert.equal(base64(long), Buffer.from(long).toString("base64"));
});

test("the checksum is the one of ISO 3309", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});
