import { blockWeightShapes } from "../engine/attention";
import { engine } from "../engine/choice";
import type { LayerDescription, Past, TransformerBlockLayer } from "../engine/engine";
import {
  attentionWeights,
  causalAttention,
  gelu,
  layerNorm,
  rotated,
} from "../engine/plain/attention";
import { tf } from "../engine/tensorflow";
import { OptionError, requireFraction, requireOneOf, requireWhole } from "../options";
import { dropoutMask } from "./dropoutMask";
import { featuresOf, type LayerArgs, numbersOf, type Shape } from "./layerArguments";

export interface TransformerBlockOptions extends LayerArgs {
  /** h, how many attentions look side by side; the input's width D is a multiple of it. */
  numHeads: number;
  /** The width of the feed-forward part's middle. Default 4 D. */
  mlpSize?: number;
  /** "rotary" turns queries and keys by their places (Su et al. 2021), "none" does not. Default "none". */
  positions?: "rotary" | "none";
  /** C, the longest sequence that it is trained on; a sampler lets it look no farther back. Default 128. */
  contextLength?: number;
  /** Dropout's rate where the two parts are added to the input. Default 0. */
  dropout?: number;
  /** By what the deviation of the two last products' weights is divided at first. Default 1. */
  residualScale?: number;
}

/** Deviation of all products' first weights, as in GPT-2. */
const FIRST_DEVIATION = 0.02;

/**
 * A block of a transformer that looks only back: [N, T, D] in and out,
 * x + attention(norm(x)), then x + mlp(norm(x)), with causal self-attention in h heads and an MLP with GELU
 * (Vaswani et al. 2017; the norms come first and GELU is the one by tanh, as in GPT-2, Radford et al. 2019).
 *
 * Weights: gain and bias [D] of the first norm; qkv kernel [D, 3 D] and bias, queries, keys and values side by
 * side, each head after head; projection kernel [D, D] and bias; gain and bias of the second norm; expand
 * kernel [D, M] and bias; contract kernel [M, D] and bias.
 */
export class TransformerBlock extends tf.layers.Layer implements TransformerBlockLayer {
  static readonly className = "KareninaTransformerBlock";
  private readonly options: Required<Omit<TransformerBlockOptions, keyof LayerArgs | "mlpSize">>;
  private mlpSize?: number;
  private width = 0;
  private arrays: tf.LayerVariable[] = [];

  constructor(args: TransformerBlockOptions) {
    super(args);
    const { numHeads, mlpSize, dropout = 0, contextLength = 128 } = args;
    const { positions = "none", residualScale = 1 } = args;
    requireWhole({ numHeads, contextLength });
    requireFraction({ dropout });
    requireOneOf({ positions }, ["rotary", "none"]);
    if (mlpSize !== undefined) {
      requireWhole({ mlpSize });
    }
    this.mlpSize = mlpSize;
    this.options = { numHeads, positions, contextLength, dropout, residualScale };
  }

  override build(inputShape: Shape | Shape[]): void {
    const D = featuresOf(this.name, inputShape, { expects: "inputs [batch, time, features]" });
    const { numHeads, positions, residualScale } = this.options;
    const even = positions === "rotary" ? 2 : 1;
    if (D % (numHeads * even) !== 0) {
      throw new OptionError(
        `numHeads is ${numHeads}, but must divide the width ${D}` +
          `${even === 2 ? " into even numbers, which rotary positions turn in pairs" : ""}.`,
      );
    }
    this.width = D;
    this.mlpSize ??= 4 * D;
    const { zeros, ones, randomNormal } = tf.initializers;
    for (const [name, shape] of blockWeightShapes(D, { hidden: this.mlpSize })) {
      const isLast = /^(projection|contract)_kernel/.test(name);
      const stddev = FIRST_DEVIATION / (isLast ? residualScale : 1);
      const kernel = name.endsWith("_kernel") && randomNormal({ stddev });
      const initializer = kernel || (name.endsWith("_gain") ? ones() : zeros());
      this.arrays.push(this.addWeight(name, shape, "float32", initializer));
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], run: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => this.run([inputs].flat()[0], undefined, run.training ?? false).output);
  }

  advance(x: tf.Tensor, past?: Past): { output: tf.Tensor; past: Past } {
    return this.run(x, past, false);
  }

  /** How much each step looks at each: x [N, T, D] to [N, h, T, T], whose rows sum to 1. */
  attentionOf(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const { q, k } = this.queriesKeysValues(x, 0, false);
      return attentionWeights(q, k);
    });
  }

  private dense(x: tf.Tensor, [kernel, bias]: tf.Tensor[], training: boolean): tf.Tensor {
    return engine().dense(x, { kernel, bias }, { activation: "linear", training });
  }

  /** Each [N, h, T, d], queries and keys turned where positions are rotary. */
  private queriesKeysValues(given: tf.Tensor, from: number, training: boolean) {
    const x = numbersOf(this.name, given, ["batch", "time", this.width]);
    const [N, T, D] = x.shape as number[];
    const { numHeads: h, positions } = this.options;
    const [gain, bias, ...product] = this.arrays.slice(0, 4).map((each) => each.read());
    const all = this.dense(layerNorm(x, gain, bias), product, training);
    const heads = tf.transpose(tf.reshape(all, [N * T, 3, h, D / h]), [1, 0, 2, 3]);
    const [q, k, v] = tf
      .split(heads, 3, 0)
      .map((each) => tf.transpose(tf.reshape(each, [N, T, h, D / h]), [0, 2, 1, 3]));
    return positions === "rotary" ? { q: rotated(q, from), k: rotated(k, from), v } : { q, k, v };
  }

  private run(x: tf.Tensor, past: Past | undefined, training: boolean) {
    const from = past?.keys.shape[2] ?? 0;
    const { q, k, v } = this.queriesKeysValues(x, from, training);
    const keys = past ? tf.concat([past.keys, k], 2) : k;
    const values = past ? tf.concat([past.values, v], 2) : v;
    const weights = this.arrays.slice(4).map((each) => each.read());
    const seen = tf.transpose(causalAttention(q, keys, values), [0, 2, 1, 3]);
    const mixed = this.dense(tf.reshape(seen, x.shape), weights.slice(0, 2), training);
    const middle = tf.add(x, this.dropped(mixed, training));
    const normal = layerNorm(middle, weights[2], weights[3]);
    const hidden = gelu(this.dense(normal, weights.slice(4, 6), training));
    const thought = this.dense(hidden, weights.slice(6), training);
    return { output: tf.add(middle, this.dropped(thought, training)), past: { keys, values } };
  }

  private dropped(x: tf.Tensor, training: boolean): tf.Tensor {
    const { dropout } = this.options;
    return training && dropout > 0 ? tf.mul(x, dropoutMask(x.shape, dropout)) : x;
  }

  describe(): LayerDescription {
    const { numHeads: heads, positions, contextLength, dropout } = this.options;
    const hidden = this.mlpSize ?? 4 * this.width;
    const rotary = positions === "rotary";
    return { kind: "transformerBlock", heads, hidden, rotary, contextLength, dropout };
  }

  override getConfig(): tf.serialization.ConfigDict {
    const config = { ...super.getConfig(), ...this.options };
    return this.mlpSize === undefined ? config : { ...config, mlpSize: this.mlpSize };
  }
}
tf.serialization.registerClass(TransformerBlock);

/** A {@link TransformerBlock} layer. */
export function transformerBlock(options: TransformerBlockOptions): TransformerBlock {
  return new TransformerBlock(options);
}
