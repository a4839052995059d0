import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PNG } from "pngjs";
import { encodePng, pngUrl } from "../../../lib/figures/png";
import { base64 } from "../../../lib/formats/bytes";

function read(url: string) {
  return PNG.sync.read(Buffer.from(url.replace("data:image/png;base64,", ""), "base64"));
}

/** Samples in which stretches come again, near and far, as in pictures. */
const samples = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 700 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((runs) => runs.flatMap(([value, length]) => new Array<number>(length).fill(value)));

test("pngjs reads the same samples from it, grey and in colours", () => {
  fc.assert(
    fc.property(
      fc.oneof(samples, fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3 })),
      fc.constantFrom(1, 3),
      fc.integer({ min: 1, max: 40 }),
      (values, channels, width) => {
        const height = Math.max(1, Math.floor(values.length / (channels * width)));
        const pixels = Uint8Array.from({ length: channels * width * height }, (_, i) => {
          return values[i % values.length];
        });
        const { data, ...size } = PNG.sync.read(Buffer.from(encodePng(pixels, width, height)));
        assert.deepEqual([size.width, size.height], [width, height]);
        for (let i = 0; i < width * height; i++) {
          const own = Array.from({ length: 3 }, (_, c) => pixels[channels * i + (c % channels)]);
          assert.deepEqual([...data.subarray(4 * i, 4 * i + 4)], [...own, 255]);
        }
      },
    ),
  );
});

test("long matches and far ones are found: all of one colour takes next to nothing", () => {
  const [width, height] = [300, 400];
  const white = encodePng(new Uint8Array(width * height).fill(255), width, height);
  assert.ok(white.length < (width * height) / 50, `${white.length} bytes`);
  assert.ok(PNG.sync.read(Buffer.from(white)).data.every((sample) => sample === 255));
  const noise = Uint8Array.from({ length: 40_000 }, (_, i) => (i * i * 2654435761) >>> 13);
  const twice = encodePng(Uint8Array.from([...noise, ...noise]), 40_000, 2);
  assert.ok(PNG.sync.read(Buffer.from(twice)).data.length === 4 * 80_000);
});

test("base64 is Node's, of any length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
    }),
  );
});

test("values up to 1 and up to 255 are greys; values below zero have colours", () => {
  const grey = (url: string) => [...read(url).data].filter((_, i) => i % 4 === 0);
  assert.deepEqual(grey(pngUrl([0, 0.5, 1, 0.2], 2, 2)), [0, 128, 255, 51]);
  assert.deepEqual(grey(pngUrl([0, 128, 255, 51], 2, 2)), [0, 128, 255, 51]);
  const { data } = read(pngUrl([-2, 0, 1, 2], 4, 1));
  assert.deepEqual([...data.subarray(0, 3)], [0, 114, 178]);
  assert.deepEqual([...data.subarray(4, 7)], [242, 242, 242]);
  assert.deepEqual([...data.subarray(12, 15)], [213, 94, 0]);
});
