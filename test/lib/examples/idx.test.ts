import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { parseIdx } from "../../../lib/examples/idx";

/** Any array of unsigned bytes with its IDX file. */
const anyIdx = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })
  .chain((shape) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = fc.uint8Array({ minLength: count, maxLength: count });
    return values.map((data) => ({ shape, data, file: encode(shape, data) }));
  });

function encode(shape: number[], data: Uint8Array): Buffer {
  const header = Buffer.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size])]);
  return Buffer.concat([header, data]);
}

const badIdx = { name: "DataError", code: "bad-idx" };

test("what is written is read, zipped or not", () => {
  fc.assert(
    fc.property(anyIdx, fc.boolean(), ({ shape, data, file }, zipped) => {
      const read = parseIdx(zipped ? gzipSync(file) : file, "a file", shape.length);
      assert.deepEqual(read.shape, shape);
      assert.deepEqual([...read.data], [...data]);
    }),
  );
});

test("any truncation is refused", () => {
  fc.assert(
    fc.property(
      anyIdx,
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (idx, zipped, at) => {
        const file = zipped ? gzipSync(idx.file) : idx.file;
        const cut = file.subarray(0, Math.min(file.length - 1, Math.floor(at * file.length)));
        assert.throws(() => parseIdx(cut, "a file", idx.shape.length), badIdx);
      },
    ),
  );
});

test("bytes after the values are refused", () => {
  fc.assert(
    fc.property(anyIdx, fc.uint8Array({ minLength: 1 }), ({ shape, file }, more) => {
      const longer = Buffer.concat([file, more]);
      assert.throws(() => parseIdx(longer, "a file", shape.length), badIdx);
    }),
  );
});

test("another number of dimensions is refused", () => {
  fc.assert(
    fc.property(anyIdx, fc.integer({ min: 1, max: 3 }), ({ shape, file }, dimensions) => {
      fc.pre(dimensions !== shape.length);
      assert.throws(() => parseIdx(file, "a file", dimensions), badIdx);
    }),
  );
});

test("arbitrary bytes are read or refused, and nothing else happens", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (bytes, zipHeader) => {
      const file = zipHeader ? Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes]) : bytes;
      try {
        const { shape, data } = parseIdx(file, "a file", 1);
        assert.equal(shape[0], data.length);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "bad-idx");
      }
    }),
  );
});

test("the error names the file and what is wrong", () => {
  const labels = encode([3], Buffer.from([1, 2, 3]));
  assert.throws(() => parseIdx(labels, "labels.gz", 3), {
    message:
      "labels.gz is not a whole IDX file: it starts with 0x00000801 where 0x00000803 (unsigned bytes in 3 dimensions) is expected. Delete it and fetch it again.",
  });
  assert.throws(
    () => parseIdx(labels.subarray(0, -1), "labels.gz", 1),
    /its sizes 3 need 3 bytes, but 2 follow/,
  );
});
