import { tf } from "karenina";

let draw: (() => number) | undefined;

/** How far a number is moved at most, as a share of it. */
const REACH = 0.04;

/**
 * While `act` runs, the arguments that checks call answers with are moved a little, at random, so that
 * nobody can know the inputs beforehand. Equal seeds move equal arguments equally.
 */
export function drawing<T>(seed: string, act: () => T): T {
  const before = draw;
  draw = generator(seed);
  try {
    return act();
  } finally {
    draw = before;
  }
}

/**
 * Arguments as they are, or moved: numbers that are not whole, alone, in lists and in tensors. Whole
 * numbers stay, since they count something; so do tensors whose gradients are recorded, which a copy
 * would be cut off from.
 */
export function varied(args: unknown[]): unknown[] {
  return draw === undefined ? args : args.map((arg) => moved(arg, draw!));
}

/** For inputs that `varied` leaves alone: a number as it stands, or moved a little while inputs are drawn. */
export function drawReal(standing: number): number {
  return draw === undefined ? standing : standing * (1 + REACH * (2 * draw() - 1));
}

/** A whole number as it stands; while inputs are drawn, any from `least` to `most`. */
export function drawWhole(standing: number, least: number, most: number): number {
  return draw === undefined ? standing : least + Math.floor(draw() * (most - least + 1));
}

/** Nothing; while inputs are drawn, six letters that no word is likely to have. */
export function drawLetters(): string {
  return Array.from({ length: draw === undefined ? 0 : 6 }, () =>
    String.fromCharCode(97 + Math.floor(draw!() * 26)),
  ).join("");
}

function moved(value: unknown, random: () => number): unknown {
  if (typeof value === "number") {
    const isWhole = Number.isInteger(value) || !Number.isFinite(value);
    return isWhole ? value : value * (1 + REACH * (2 * random() - 1));
  }
  if (Array.isArray(value)) {
    return value.map((each) => moved(each, random));
  }
  if (value instanceof tf.Tensor && value.dtype === "float32") {
    if (tf.engine().state.gradientDepth > 0) {
      return value;
    }
    const numbers = Array.from(value.dataSync(), (each) => moved(each, random) as number);
    return tf.tensor(numbers, value.shape, "float32");
  }
  return value;
}

/** Mulberry32 (T. Ettinger, 2017), begun with the FNV-1a hash of the seed. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed) {
    state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
