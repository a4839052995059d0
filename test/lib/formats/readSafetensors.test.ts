import assert from "node:assert/strict";
import fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { loadCheckpoint } from "../../../lib/checkpoints/checkpointFiles";
import { decodeCheckpoint, encodeCheckpoint } from "../../../lib/checkpoints/checkpointFormat";
import { readSafetensors } from "../../../lib/formats/readSafetensors";
import { pretrainedFile } from "../../../lib/models/pretrained";

// Written by Python: see pytorch.py there.
const fixture = (name: string) => path.join(__dirname, "../models/fixtures", `${name}.safetensors`);

test("each type that Python wrote is read exactly", () => {
  const { tensors, metadata } = readSafetensors(fixture("types"));
  assert.deepEqual(metadata, {});
  const values = Object.fromEntries([...tensors].map(([name, { values }]) => [name, values]));
  const singles = Float32Array.of(0, -0, 1, -1.5, 65504, 6e-8, 0.1, Infinity, -Infinity);
  assert.deepEqual(values.f32, singles);
  // Ten bits of fraction, and seven: what PyTorch prints of the same tensors as float32.
  assert.deepEqual(
    [...(values.f16 as Float32Array)],
    [0, -0, 1, -1.5, 65504, 2 ** -24, 0.0999755859375, Infinity, -Infinity],
  );
  assert.deepEqual(
    [...(values.bf16 as Float32Array)],
    [0, -0, 1, -1.5, 65536, 6.007030606269836e-8, 0.10009765625, Infinity, -Infinity],
  );
  assert.deepEqual(
    values.f64,
    Float64Array.from(singles, (value) => value / 3),
  );
  assert.deepEqual(values.i64, BigInt64Array.of(2n ** 62n + 1n, -1n));
  assert.deepEqual(values.i32, Int32Array.of(7, -7));
  assert.deepEqual(tensors.get("i32")!.shape, [2, 1]);
  assert.deepEqual(values.i16, Int16Array.of(7, -300));
  assert.deepEqual(values.i8, Int8Array.of(7, -7, 1));
  assert.deepEqual(values.u8, Uint8Array.of(255));
  assert.deepEqual(values.bool, Uint8Array.of(1, 0));
  assert.deepEqual([tensors.get("scalar")!.shape, values.scalar], [[], Float32Array.of(0.25)]);
  assert.deepEqual(tensors.get("empty")!.shape, [0, 3]);
  assert.match(readSafetensors(fixture("results")).metadata.torch, /^2\./);
});

type Header = Record<string, { data_offsets?: number[] }>;

/** A file as the format has it; `order` is how the values stand, the header goes the other way round. */
function write(
  entries: { name: string; dtype: string; shape: number[]; bytes: Uint8Array }[],
  metadata?: Record<string, string>,
  change: (header: Header) => void = () => {},
): Uint8Array {
  const header: Header = metadata ? { __metadata__: metadata as never } : {};
  let offset = 0;
  const described: [string, object][] = [];
  for (const { name, dtype, shape, bytes } of entries) {
    described.push([name, { dtype, shape, data_offsets: [offset, offset + bytes.length] }]);
    offset += bytes.length;
  }
  Object.assign(header, Object.fromEntries(described.reverse()));
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...entries.map(({ bytes }) => bytes)]);
}

const entriesOf = (bytes: Uint8Array) => {
  const { tensors, metadata } = readSafetensors(bytes);
  return {
    metadata,
    entries: [...tensors].map(([name, { dtype, shape, values }]) => ({
      name,
      dtype: dtype as string,
      shape,
      bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    })),
  };
};

test("a checkpoint that another program has written in another order is the same checkpoint", () => {
  const files = {
    "of a former version": fs.readFileSync(pretrainedFile("presidents")),
    "of now": Buffer.from(encodeCheckpoint(loadCheckpoint(pretrainedFile("presidents")))),
  };
  for (const [what, bytes] of Object.entries(files)) {
    const { entries, metadata } = entriesOf(bytes);
    const expected = decodeCheckpoint(bytes);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (order) => {
        assert.deepEqual(decodeCheckpoint(write(order, metadata)), expected, what);
      }),
      { numRuns: 5 },
    );
    // Values that differ are still noticed.
    const damaged = entries.map((entry) => ({ ...entry, bytes: Uint8Array.from(entry.bytes) }));
    damaged[3].bytes[100] ^= 1;
    assert.throws(
      () => decodeCheckpoint(write(damaged, metadata)),
      /checksum.* leave "sha256" out/,
    );
    const { sha256, ...unchecked } = metadata;
    assert.notEqual(sha256, undefined);
    assert.notDeepEqual(decodeCheckpoint(write(damaged, unchecked)).weights, expected.weights);
  }
});

test("an optimizer's arrays are found again, too, and half precision is taken", () => {
  const base = loadCheckpoint(pretrainedFile("presidents"));
  const weights = new Map([...base.weights].slice(0, 2));
  const slots = { v: [Float32Array.of(1, 2)], m: [Float32Array.of(3), Float32Array.of(4)] };
  const optimizer = { config: { kind: "adam", learningRate: 1 }, state: { step: 1, slots } };
  const checkpoint = { ...base, weights, optimizer } as never;
  const { entries, metadata } = entriesOf(encodeCheckpoint(checkpoint));
  const shuffled = [...entries].reverse();
  assert.deepEqual(
    decodeCheckpoint(write(shuffled, metadata)).optimizer,
    decodeCheckpoint(encodeCheckpoint(checkpoint)).optimizer,
  );
  const { sha256: _, ...rest } = metadata;
  const halves = entries.map((entry) => {
    const count = entry.bytes.length / 4;
    const ones = new Uint8Array(new Uint16Array(count).fill(0x3c00).buffer);
    return { ...entry, dtype: "F16", bytes: ones };
  });
  const read = decodeCheckpoint(write(halves, rest));
  assert.ok([...read.weights.values()].every(({ values }) => values.every((one) => one === 1)));
});

test("what is no such file, or is damaged, is refused in a sentence that names it", () => {
  const one = { name: "a", dtype: "F32", shape: [1], bytes: new Uint8Array(4) };
  const two = { ...one, name: "b" };
  const refused = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(() => readSafetensors(bytes), { name: "TensorFileError", message });
  refused(new Uint8Array(3), /^These bytes can't be read as safetensors: it does not begin like/);
  refused(Buffer.from("PK\x03\x04 a zip, as torch.save writes it"), /does not begin like/);
  const offsets = (place: [number, number]) => (header: Header) => {
    header.b.data_offsets = place;
  };
  refused(
    write([one, two], undefined, offsets([0, 4])),
    /tensors "[ab]" and "[ab]" stand in the same/,
  );
  refused(write([one, two], undefined, offsets([5, 9])), /1 bytes before its tensor "b"/);
  refused(write([one, two], undefined, offsets([8, 12])), /4 bytes before its tensor "b"/);
  refused(write([one, two], undefined, offsets([4, 9])), /"b" of the type F32 .* 5 bytes/);
  refused(write([one, two]).subarray(0, -1), /ends before its tensor "b" is complete/);
  refused(Buffer.concat([write([one]), Buffer.alloc(2)]), /2 bytes too many/);
  refused(write([{ ...one, dtype: "F31" }]), /type "F31"/);
  refused(write([one], { a: 1 } as never), /metadata is not text/);
  refused(fs.readFileSync(fixture("float8")), /"small" has the type F8_E4M3, .* tensor\.float\(\)/);
  assert.throws(
    () => readSafetensors("none.safetensors"),
    /none\.safetensors can't be read \(ENOENT\)/,
  );
  assert.throws(() => readSafetensors(5 as never), /a file's name or its bytes/);
  assert.throws(
    () => loadCheckpoint(fixture("lstm")),
    /another program wrote it.* charRnnFromPyTorch\(tensors\)/,
  );
});

test("any bytes are read or refused in words", () => {
  const example = write([
    { name: "a", dtype: "F32", shape: [2], bytes: new Uint8Array(8) },
    { name: "b", dtype: "BOOL", shape: [3], bytes: new Uint8Array(3) },
  ]);
  fc.assert(
    fc.property(fc.nat(example.length - 1), fc.nat(255), (place, value) => {
      const bytes = Uint8Array.from(example);
      bytes[place] = value;
      try {
        readSafetensors(bytes);
      } catch (error) {
        assert.equal((error as Error).name, "TensorFileError", String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
