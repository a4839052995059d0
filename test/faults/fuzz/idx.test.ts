import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { parseIdx } from "../../../lib/examples/idx";
import { DataError } from "../../../lib/text/dataError";
import { fuzz } from "../settings";
import { mutations } from "./mutations";

/** An IDX file by the format's description: http://yann.lecun.com/exdb/mnist/ */
function encode(shape: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE((0x08 << 8) | shape.length);
  for (const [place, size] of shape.entries()) {
    header.writeUInt32BE(size, 4 + 4 * place);
  }
  return Buffer.concat([header, data]);
}

const anyIdx = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data) => ({ shape, data, file: encode(shape, data) }));
  });

test("any array is read as it was written, zipped or not", () => {
  fc.assert(
    fc.property(anyIdx, fc.boolean(), ({ shape, data, file }, zipped) => {
      const read = parseIdx(zipped ? gzipSync(file) : file, "a file", shape.length);
      assert.deepEqual(read.shape, shape);
      assert.deepEqual([...read.data], [...data]);
    }),
    fuzz(0.2),
  );
});

test("changed bytes are read as the format has them, or refused in words", () => {
  fc.assert(
    fc.property(anyIdx, fc.boolean(), mutations, ({ shape, file }, zipped, mutate) => {
      const changed = mutate(zipped ? gzipSync(file) : file);
      let read: ReturnType<typeof parseIdx>;
      try {
        read = parseIdx(changed, "some-file", shape.length);
      } catch (error) {
        assert.ok(error instanceof DataError, String(error));
        assert.equal(error.code, "bad-idx");
        assert.match(error.message, /^some-file is not a whole IDX file: .*Delete it/s);
        return;
      }
      // What was read is written as the very bytes that it was read from.
      const isZipped = changed[0] === 0x1f && changed[1] === 0x8b;
      const content = isZipped ? gunzipSync(changed) : changed;
      assert.deepEqual(encode(read.shape, read.data), content);
    }),
    fuzz(0.6),
  );
});

test("sizes that promise more than there is are refused at once, not made room for", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(sizes, fc.uint8Array({ maxLength: 30 }), (shape, data) => {
      const count = shape.reduce((product, size) => product * BigInt(size), 1n);
      const parse = () => parseIdx(encode(shape, data), "a file", shape.length);
      if (count === BigInt(data.length)) {
        assert.deepEqual(parse().shape, shape);
      } else {
        assert.throws(parse, { name: "DataError", code: "bad-idx" });
      }
    }),
    fuzz(0.2),
  );
});
