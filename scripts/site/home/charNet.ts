// A network that writes, one character at a time, as the library's own (lib/models/charRnn.ts) does it, in
// plain numbers: a page of code in the place of TensorFlow.js's megabytes.
import { parseTensorFile } from "../../../lib/formats/safetensorsHeader";

/** An LSTM layer's weights; H is the size of its state, D that of its input. */
interface Layer {
  size: number;
  /** [D, 4H], row by row: the gates i, f, c, o, as Keras has them. */
  kernel: Float32Array;
  /** [H, 4H] */
  recurrent: Float32Array;
  /** [4H] */
  bias: Float32Array;
}

/** What the network remembers of what it has read: of each layer the output and the cell, both [H]. */
export type Memory = { h: Float32Array; c: Float32Array }[];

export class CharNet {
  private constructor(
    /** The V characters, by their codes. */
    readonly characters: readonly string[],
    /** [V, D] */
    private readonly embeddings: Float32Array,
    private readonly layers: readonly Layer[],
    /** [H, V] */
    private readonly outKernel: Float32Array,
    /** [V] */
    private readonly outBias: Float32Array,
  ) {}

  /**
   * Reads a checkpoint of the library: an embedding, LSTM layers, a dense layer.
   * @throws Error for bytes that are none
   */
  static read(bytes: Uint8Array): CharNet {
    const { places, metadata, values } = parseTensorFile(bytes);
    const found = new Map(
      places.map(({ name, begin, end }) => {
        // A copy begins at a multiple of four bytes, as numbers have to.
        return [name, new Float32Array(new Uint8Array(values.subarray(begin, end)).buffer)];
      }),
    );
    const take = (name: string): Float32Array => {
      const tensor = found.get(name);
      if (!tensor) {
        throw new Error(`The network's file has no ${name}.`);
      }
      return tensor;
    };
    const layers: Layer[] = [];
    let at = 1;
    for (; found.has(`layers.${at}.recurrent_kernel`); at++) {
      const bias = take(`layers.${at}.bias`);
      layers.push({
        size: bias.length / 4,
        kernel: take(`layers.${at}.kernel`),
        recurrent: take(`layers.${at}.recurrent_kernel`),
        bias,
      });
    }
    const { vocabulary } = JSON.parse(metadata.checkpoint) as { vocabulary: string };
    return new CharNet(
      [...vocabulary],
      take("layers.0.embeddings"),
      layers,
      take(`layers.${at}.kernel`),
      take(`layers.${at}.bias`),
    );
  }

  /** Nothing read yet. */
  blank(): Memory {
    return this.layers.map(({ size }) => ({
      h: new Float32Array(size),
      c: new Float32Array(size),
    }));
  }

  /**
   * Reads a character, which changes the memory.
   *
   * @param code its place among {@link characters}
   * @returns logits [V] of the next one
   */
  read(code: number, memory: Memory): Float32Array {
    const width = this.embeddings.length / this.characters.length;
    let input = this.embeddings.subarray(code * width, (code + 1) * width);
    for (const [i, layer] of this.layers.entries()) {
      step(layer, input, memory[i]);
      input = memory[i].h;
    }
    const logits = this.outBias.slice();
    addProduct(logits, input, this.outKernel);
    return logits;
  }
}

/** c = f ∘ c + i ∘ g and h = o ∘ tanh(c), with i, f, o = σ(·) and g = tanh(·) of x·K + h·R + b. */
function step({ size, kernel, recurrent, bias }: Layer, x: Float32Array, state: Memory[0]): void {
  const { h, c } = state;
  const z = bias.slice();
  addProduct(z, x, kernel);
  addProduct(z, h, recurrent);
  for (let j = 0; j < size; j++) {
    const [i, f, g, o] = [z[j], z[size + j], z[2 * size + j], z[3 * size + j]];
    c[j] = sigmoid(f) * c[j] + sigmoid(i) * Math.tanh(g);
    h[j] = sigmoid(o) * Math.tanh(c[j]);
  }
}

/** Adds x·W to a row; W [x.length, row.length] lies row by row. */
function addProduct(row: Float32Array, x: Float32Array, W: Float32Array): void {
  for (let i = 0, at = 0; i < x.length; i++) {
    const factor = x[i];
    for (let j = 0; j < row.length; j++, at++) {
      row[j] += factor * W[at];
    }
  }
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Probabilities [V] from logits: exp(z / T) over their sum. Above 0, a low temperature T is careful. */
export function probabilitiesOf(logits: Float32Array, temperature: number): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const weights = Float64Array.from(logits, (z) => Math.exp((z - largest) / temperature));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** Draws a code. @param random from 0 up to but not 1 */
export function drawn(probabilities: Float64Array, random: number): number {
  let rest = random;
  for (const [code, probability] of probabilities.entries()) {
    rest -= probability;
    if (rest < 0) {
      return code;
    }
  }
  return probabilities.length - 1;
}
