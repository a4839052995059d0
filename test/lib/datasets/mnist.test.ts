import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type LabelledImages, loadMnist } from "../../../lib/datasets/mnist";
import { DataError } from "../../../lib/text/dataError";
import { temporaryFolder } from "./workspace";

function idx(shape: number[], data: number[]): Buffer {
  return Buffer.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...data]);
}

test("a folder of one's own is read, zipped or not", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(
    path.join(folder, "t10k-images-idx3-ubyte.gz"),
    gzipSync(idx([2, 1, 3], [1, 2, 3, 4, 5, 6])),
  );
  writeFileSync(path.join(folder, "t10k-labels-idx1-ubyte"), idx([2], [7, 8]));
  const { images, labels, ...sizes } = await loadMnist({ folder, split: "test" });
  assert.deepEqual(sizes, { count: 2, rows: 1, columns: 3 });
  assert.deepEqual(images, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assert.deepEqual(labels, Uint8Array.of(7, 8));
});

test("images and labels of different numbers are refused", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, "train-images-idx3-ubyte"), idx([2, 1, 1], [1, 2]));
  writeFileSync(path.join(folder, "train-labels-idx1-ubyte"), idx([3], [1, 2, 3]));
  await assert.rejects(loadMnist({ folder }), /has 2 images, but .* has 3 labels/);
});

test("a folder without the files and a file in its place are reported", async (t) => {
  const folder = temporaryFolder(t);
  await assert.rejects(loadMnist({ folder }), { code: "not-found" });
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  await assert.rejects(loadMnist({ folder: file }), { code: "not-found" });
  mkdirSync(path.join(folder, "train-images-idx3-ubyte.gz"));
  await assert.rejects(loadMnist({ folder }), { code: "unreadable" });
});

test("an unknown name or split is refused with the ones there are", async () => {
  const cast = <T>(value: string) => value as T as never;
  await assert.rejects(loadMnist({ split: cast("validation") }), {
    code: "bad-option",
    message: 'split is "validation", but must be "train" or "test".',
  });
  await assert.rejects(loadMnist({ name: cast("mnist-5k") }), /"mnist" or "mnist-10k"/);
});

/** Loads, or gives undefined with the reason where this machine cannot have the data set. */
async function loadOrSkip(
  t: { skip: (why: string) => void },
  options: Parameters<typeof loadMnist>[0],
): Promise<LabelledImages | undefined> {
  try {
    return await loadMnist({ notify: () => {}, ...options });
  } catch (error) {
    if (!(error instanceof DataError)) {
      throw error;
    }
    if (!["offline", "download-failed", "npm-failed"].includes(error.code)) {
      throw error;
    }
    t.skip(error.message.slice(0, 160));
    return undefined;
  }
}

function imagesOf({ images, labels, count }: LabelledImages): string[] {
  return Array.from({ length: count }, (_, i) =>
    createHash("sha256")
      .update(images.subarray(i * 784, (i + 1) * 784))
      .update(labels.subarray(i, i + 1))
      .digest("base64"),
  );
}

test("MNIST has its known shape and first labels", async (t) => {
  const train = await loadOrSkip(t, { offline: true });
  const held = await loadOrSkip(t, { split: "test", offline: true });
  if (!train || !held) {
    return;
  }
  assert.deepEqual([train.count, train.rows, train.columns], [60_000, 28, 28]);
  assert.equal(train.images.length, 60_000 * 784);
  assert.deepEqual([...train.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  assert.deepEqual([...held.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  assert.equal(held.count, 10_000);
});

test("mnist-10k is evenly mixed and is MNIST's first 10,000 digits", async (t) => {
  const train = await loadOrSkip(t, { name: "mnist-10k" });
  if (!train) {
    return;
  }
  const held = await loadMnist({ name: "mnist-10k", split: "test" });
  assert.deepEqual([train.count, held.count], [8000, 2000]);
  for (let start = 0; start < train.count; start += 1000) {
    const digits: Set<number> = new Set(train.labels.subarray(start, start + 1000));
    assert.equal(digits.size, 10);
  }
  const whole = await loadOrSkip(t, { offline: true });
  if (!whole) {
    return;
  }
  const first = imagesOf({ ...whole, count: 10_000 });
  assert.deepEqual([...imagesOf(train), ...imagesOf(held)].sort(), first.sort());
});
