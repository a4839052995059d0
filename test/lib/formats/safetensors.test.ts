import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decodeTensors,
  encodeTensors,
  type TensorFile,
  TensorFileError,
} from "../../../lib/formats/safetensors";

const entry = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
  const size = shape.reduce((product, length) => product * length, 1);
  const lengths = { minLength: size, maxLength: size };
  return fc
    .oneof(fc.float32Array(lengths), fc.int32Array(lengths))
    .map((values) => ({ shape, values }));
});

const files: fc.Arbitrary<TensorFile> = fc.record({
  tensors: fc
    .uniqueArray(fc.tuple(fc.string(), entry), { selector: ([name]) => name, maxLength: 5 })
    .map((entries) => new Map(entries.filter(([name]) => name !== "__metadata__"))),
  metadata: fc.dictionary(
    fc.string().filter((key) => key !== "sha256" && key !== "__proto__"),
    fc.string(),
    { noNullPrototype: true },
  ),
});

test("what is written is what is read, for any tensors and metadata", () => {
  fc.assert(
    fc.property(files, (file) => {
      const read = decodeTensors(encodeTensors(file));
      assert.deepEqual(read.metadata, file.metadata);
      assert.deepEqual([...read.tensors].sort(), [...file.tensors].sort());
    }),
  );
});

const example = encodeTensors({
  tensors: new Map([
    ["a", { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ["b", { shape: [], values: Int32Array.of(-7) }],
  ]),
  metadata: { note: "example" },
});

test("every truncation is refused", () => {
  for (let length = 0; length < example.length; length++) {
    assert.throws(() => decodeTensors(example.subarray(0, length)), TensorFileError);
  }
});

test("a changed byte is refused or changes nothing that is read", () => {
  const expected = decodeTensors(example);
  fc.assert(
    fc.property(
      fc.nat({ max: example.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (place, flip) => {
        const damaged = Uint8Array.from(example);
        damaged[place] ^= flip;
        let read: TensorFile;
        try {
          read = decodeTensors(damaged);
        } catch (error) {
          assert.ok(error instanceof TensorFileError, String(error));
          return;
        }
        // Only the header's text can change unnoticed, a name too, and with it the order: the values
        // are covered by the digest.
        const values = (file: TensorFile) =>
          [...file.tensors.values()]
            .map((each) => [...new Int32Array(each.values.buffer)])
            .sort((a, b) => a.length - b.length);
        assert.deepEqual(values(read), values(expected));
      },
    ),
    { numRuns: 3000 },
  );
});

test("bytes of anything else are refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.throws(() => decodeTensors(bytes), TensorFileError);
    }),
  );
});

test("a header that describes its tensors wrongly is refused by name", () => {
  const wrong = [
    null,
    5,
    { dtype: "F64", shape: [1], data_offsets: [0, 8] },
    { dtype: "F32", shape: [1], data_offsets: 5 },
    { dtype: "F32", shape: [1], data_offsets: [0, 8] },
    { dtype: "F32", shape: [-1], data_offsets: [0, 4] },
    { dtype: "F32", shape: [2 ** 60], data_offsets: [0, 2 ** 62] },
  ];
  for (const entry of wrong) {
    const header = Buffer.from(JSON.stringify({ weight: entry }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const file = Buffer.concat([length, header, Buffer.alloc(4)]);
    assert.throws(() => decodeTensors(file), { name: "TensorFileError", message: /"weight"/ });
  }
});
