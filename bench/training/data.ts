import fs from "node:fs";
import path from "node:path";
import { writeAtomically } from "../../lib/host/node/writeAtomically";

/**
 * Data that every engine reads from the same files: made up, but with something to learn, because
 * engines that differ in speed should be seen to learn alike.
 *
 * - text-V.i32: symbols of a chain in which each has five successors of unequal chance.
 * - images.f32, labels.i32: ten smooth patterns of 28 x 28 pixels, shifted and with noise.
 */
export function makeData(folder: string): void {
  write(folder, "text-140.i32", () => chain(140, 1_200_000));
  write(folder, "text-96.i32", () => chain(96, 600_000));
  write(folder, "text-256.i32", () => chain(256, 600_000));
  write(folder, "labels.i32", () => digits().labels);
  write(folder, "images.f32", () => digits().images);
}

const IMAGES = 12_800;

function write(folder: string, name: string, make: () => Int32Array | Float32Array): void {
  const file = path.join(folder, name);
  if (fs.existsSync(file)) {
    return;
  }
  writeAtomically(file, new Uint8Array(make().buffer));
}

/** Numbers in [0, 1) that are the same everywhere (Park & Miller 1988). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function chain(V: number, length: number): Int32Array {
  const random = generator(V);
  const successors = Int32Array.from({ length: V * 5 }, () => Math.floor(random() * V));
  const bounds = [0.5, 0.75, 0.88, 0.96, 1];
  const symbols = new Int32Array(length);
  for (let i = 1; i < length; i++) {
    const r = random();
    symbols[i] = successors[symbols[i - 1] * 5 + bounds.findIndex((bound) => r < bound)];
  }
  return symbols;
}

function digits(): { images: Float32Array; labels: Int32Array } {
  const random = generator(28);
  const patterns = Array.from({ length: 10 }, () => {
    const bumps = Array.from({ length: 4 }, () => ({
      x: 6 + 16 * random(),
      y: 6 + 16 * random(),
      width: 4 + 20 * random(),
    }));
    return (x: number, y: number) =>
      bumps.reduce((s, b) => s + Math.exp(-((x - b.x) ** 2 + (y - b.y) ** 2) / b.width), 0);
  });
  const images = new Float32Array(IMAGES * 784);
  const labels = new Int32Array(IMAGES);
  for (let image = 0; image < IMAGES; image++) {
    labels[image] = Math.floor(random() * 10);
    const [dx, dy] = [Math.round(4 * random()) - 2, Math.round(4 * random()) - 2];
    for (let i = 0; i < 784; i++) {
      const value = patterns[labels[image]]((i % 28) + dx, Math.floor(i / 28) + dy);
      images[image * 784 + i] = (value + 0.2 * (random() - 0.5) - 0.13) / 0.31;
    }
  }
  return { images, labels };
}
