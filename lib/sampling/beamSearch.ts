import type { CharRnnLayers } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { host } from "../host/host";
import { type OptionNames, requireNames } from "../optionNames";
import { requireWhole } from "../options";
import type { Vocabulary } from "../text/vocabulary";
import { likeliestFirst, SamplingError } from "./pick";
import { openSource, quietStart, requireSize, type SampleSource } from "./sample";
import { steppedLayers } from "./steppedLayers";
import { createStepper } from "./stepper";

/** Options of `beamSearch`. */
export interface BeamSearchOptions {
  /** The text that the network reads first; it begins each result. Default: none; the network then reads a blank. */
  prime?: string;
  /** How many symbols to write after the prime. Default 100. */
  length?: number;
  /** How many texts are kept at each step. Default 5. 1 is greedy: the likeliest symbol always. */
  beamWidth?: number;
  /** Needed where the network is a model, which does not know its symbols, not a checkpoint. */
  vocabulary?: Vocabulary;
  /** Ends the search between two symbols, with `signal.reason`. */
  signal?: AbortSignal;
}

const NAMES: OptionNames<BeamSearchOptions> = {
  prime: true,
  length: true,
  beamWidth: true,
  vocabulary: true,
  signal: true,
};

/** One of the texts that a beam search ends with. */
export interface Beam {
  /** The prime, and what was written after it. */
  text: string;
  /** -Σ ln p of the symbols after the prime, each by all before it. */
  totalNats: number;
}

/** A text under way: its symbols so far, and the row of the network's state that has read them. */
interface Path {
  codes: readonly number[];
  totalNats: number;
  row: number;
}

/**
 * Looks for the likeliest text of a given length: keeps the `beamWidth` likeliest beginnings, tries all
 * symbols after each, and keeps the likeliest of these (Lowerre 1976). No chance is involved. The wider the
 * beam, the likelier the text, as a rule; with a beam as wide as there are texts it is the likeliest of all.
 * Likely is not good: without chance networks repeat themselves (Holtzman et al. 2020).
 *
 * @returns `beamWidth` texts, or as many as there are, the likeliest first
 * @throws VocabularyError for a prime with a symbol that the network does not know
 * @throws SamplingError for an option out of range, or a model without `vocabulary`
 * @throws CheckpointError for a file that is no checkpoint
 *
 * @example
 * const [best] = await beamSearch(checkpoint, { prime: "My fellow Americans, ", beamWidth: 10 });
 */
export async function beamSearch(
  source: SampleSource,
  options: BeamSearchOptions = {},
): Promise<Beam[]> {
  requireNames("beamSearch", options, NAMES, { Thrown: SamplingError });
  const { prime = "", length = 100, beamWidth = 5 } = options;
  requireWhole({ length }, 0, { Thrown: SamplingError });
  requireWhole({ beamWidth }, 1, { Thrown: SamplingError });
  const network = openSource(source, options.vocabulary);
  const { vocabulary } = network;
  const start = vocabulary.encode(prime || quietStart(vocabulary));
  const model = await network.model();
  const reader = readerOf(model, beamWidth);
  try {
    requireSize(model, vocabulary);
    let paths: Path[] = [{ codes: [], totalNats: 0, row: 0 }];
    let logits: ArrayLike<number> = [];
    const rows = Array.from({ length: beamWidth }, (_, row) => row);
    for (const code of start) {
      logits = reader.step(new Int32Array(beamWidth).fill(code), rows);
    }
    for (let written = 0; written < length; written++) {
      options.signal?.throwIfAborted();
      paths = longer(paths, logits, vocabulary.size, beamWidth);
      if (written + 1 < length) {
        // Rows without a text of their own go along with the first.
        const ofRow = rows.map((row) => paths[row] ?? paths[0]);
        const last = Int32Array.from(ofRow, ({ codes }) => codes[codes.length - 1]);
        const parents = ofRow.map(({ row }) => row);
        logits = reader.step(last, parents);
        paths = paths.map((path, row) => ({ ...path, row }));
      }
      await host.process.nextTurn();
    }
    return paths.map(({ codes, totalNats }) => ({
      text: prime + vocabulary.decode(codes),
      totalNats,
    }));
  } finally {
    reader.dispose();
    network.release(model);
  }
}

/** The likeliest continuations by one symbol, the likeliest first. */
function longer(paths: Path[], logits: ArrayLike<number>, V: number, count: number): Path[] {
  const candidates = paths.flatMap(({ codes, totalNats, row }) => {
    const ofRow = Array.from({ length: V }, (_, code) => logits[row * V + code]);
    const largest = Math.max(...ofRow);
    const logSum = largest + Math.log(ofRow.reduce((sum, z) => sum + Math.exp(z - largest), 0));
    return likeliestFirst(ofRow)
      .slice(0, count)
      .map((code) => ({ codes, code, totalNats: totalNats + logSum - ofRow[code], row }));
  });
  candidates.sort((a, b) => a.totalNats - b.totalNats);
  return candidates
    .slice(0, count)
    .map(({ codes, code, totalNats, row }) => ({ codes: [...codes, code], totalNats, row }));
}

/** N sequences read side by side, any of which may go on from where another one was. */
interface Reader {
  /**
   * @param codes the next symbol of each of the N
   * @param parents whose row of before each of the N goes on from
   * @returns [N, V], row by row
   */
  step(codes: Int32Array, parents: readonly number[]): ArrayLike<number>;
  dispose(): void;
}

function readerOf(model: tf.LayersModel, N: number): Reader {
  const layers = steppedLayers(model);
  return "blocks" in layers ? new RereadingReader(model, N) : new RecurrentReader(layers, N);
}

/** Carries the states of recurrent layers along. */
class RecurrentReader implements Reader {
  /** [layer][state], each [N, H] */
  private states: tf.Tensor[][];

  constructor(
    private readonly layers: CharRnnLayers,
    private readonly N: number,
  ) {
    this.states = tf.tidy(() => layers.recurrent.map((each) => each.zeroStates(N).map(kept)));
  }

  step(codes: Int32Array, parents: readonly number[]): ArrayLike<number> {
    const { input, recurrent, dense } = this.layers;
    const before = this.states;
    const logits = tf.tidy(() => {
      const indices = tf.tensor1d([...parents], "int32");
      let x = input.apply(tf.tensor2d(codes, [1, this.N], "int32")) as tf.Tensor;
      this.states = recurrent.map((layer, i) => {
        const moved = before[i].map((state) => tf.gather(state, indices));
        const { sequence, final } = layer.advance(x, moved);
        x = sequence;
        return final.map(kept);
      });
      const rows = tf.reshape(x, [this.N, x.shape[2] as number]);
      return (dense.apply(rows) as tf.Tensor).dataSync();
    });
    tf.dispose(before);
    return logits;
  }

  dispose(): void {
    tf.dispose(this.states);
  }
}

/** A copy that the end of `tf.tidy` leaves alone. */
const kept = (state: tf.Tensor) => tf.keep(tf.clone(state));

/** Reads each text again from its beginning where rows change places: for a transformer, whose memory is its text. */
class RereadingReader implements Reader {
  private readonly stepper: ReturnType<typeof createStepper>;
  private texts: number[][];

  constructor(model: tf.LayersModel, N: number) {
    this.stepper = createStepper(model, { batchSize: N });
    this.texts = Array.from({ length: N }, () => []);
  }

  step(codes: Int32Array, parents: readonly number[]): ArrayLike<number> {
    const before = this.texts.map((text) => text);
    this.texts = parents.map((parent, row) => [...before[parent], codes[row]]);
    if (parents.every((parent, row) => parent === row)) {
      return this.stepper.step(codes);
    }
    this.stepper.reset();
    let logits: ArrayLike<number> = [];
    for (let t = 0; t < this.texts[0].length; t++) {
      logits = this.stepper.step(Int32Array.from(this.texts, (text) => text[t]));
    }
    return logits;
  }

  dispose(): void {
    this.stepper.dispose();
  }
}
