import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packTraces } from "../../../lib/display/packTraces";

const types = {
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  f4: Float32Array,
};

type Packed = { dtype: keyof typeof types; bdata: string; shape?: string };

/** As Plotly reads them: a typed array over the bytes. */
function unpack({ dtype, bdata }: Packed): number[] {
  const bytes = Uint8Array.from(Buffer.from(bdata, "base64"));
  return [...new types[dtype](bytes.buffer)];
}

const packed = (list: unknown) => packTraces([{ y: list }])[0].y as Packed;

test("long lists come back as they were: whole numbers exactly, others in single precision", () => {
  const list = (item: fc.Arbitrary<number>) => fc.array(item, { minLength: 12, maxLength: 40 });
  fc.assert(
    fc.property(list(fc.integer()), (values) => {
      assert.deepEqual(unpack(packed(values)), values);
    }),
  );
  fc.assert(
    fc.property(list(fc.double({ min: -1e30, max: 1e30, noNaN: true })), (values) => {
      unpack(packed(values)).forEach((value, i) => {
        assert.ok(Math.abs(value - values[i]) <= 1e-7 * Math.abs(values[i]) + 1e-44);
      });
    }),
  );
});

test("the narrowest type is taken", () => {
  const typeOf = (value: number) => packed(new Array(12).fill(value)).dtype;
  assert.deepEqual([0, 255, 256, 65_535, -1, 65_536, -32_769, 2 ** 31, 0.5].map(typeOf), [
    "u1",
    "u1",
    "u2",
    "u2",
    "i2",
    "i4",
    "i4",
    "f4",
    "f4",
  ]);
});

test("gaps become NaN; a matrix keeps its shape", () => {
  const gap = unpack(packed([...new Array(12).fill(1), null]));
  assert.ok(Number.isNaN(gap[12]));
  const [trace] = packTraces([{ z: [new Array(6).fill(1), new Array(6).fill(2)] }]);
  const z = trace.z as unknown as Packed;
  assert.equal(z.shape, "2, 6");
  assert.deepEqual(unpack(z), [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
});

test("what is short or no list of numbers stays as it is", () => {
  const trace = {
    x: [1, 2, 3],
    y: new Array(20).fill("a"),
    z: [[1], [1, 2]],
    text: new Array(20).fill(1),
    name: "a",
  };
  assert.deepEqual(packTraces([trace]), [trace]);
  assert.deepEqual(packTraces([{ type: "bar" }]), [{ type: "bar" }]);
});
