import {
  type BlockSizes,
  descriptionOf,
  type LayerDescription,
  type TransformerBlockLayer,
} from "./engine";

// The numbers that both engines' transformer blocks begin with: none depends on weights or on a batch.

/** Added to a variance before its root, so that a row of equal numbers is not divided by zero. */
export const NORM_EPSILON = 1e-5;

/** What blocks are made of, where all are alike, as those that `transformer` builds; else undefined. */
export function sizesOfAll(blocks: TransformerBlockLayer[]): BlockSizes | undefined {
  const [first, ...others] = blocks.map(
    (block) => descriptionOf(block) as Extract<LayerDescription, { kind: "transformerBlock" }>,
  );
  const alike = others.every(
    ({ heads, hidden, rotary }) =>
      heads === first.heads && hidden === first.hidden && rotary === first.rotary,
  );
  return alike ? first : undefined;
}

/** The names of a block's weights in their order, and their shapes for a width D. */
export function blockWeightShapes(
  D: number,
  { hidden }: Pick<BlockSizes, "hidden">,
): [string, number[]][] {
  return [
    ["attention_gain", [D]],
    ["attention_bias", [D]],
    ["qkv_kernel", [D, 3 * D]],
    ["qkv_bias", [3 * D]],
    ["projection_kernel", [D, D]],
    ["projection_bias", [D]],
    ["mlp_gain", [D]],
    ["mlp_bias", [D]],
    ["expand_kernel", [D, hidden]],
    ["expand_bias", [hidden]],
    ["contract_kernel", [hidden, D]],
    ["contract_bias", [D]],
  ];
}

/**
 * Cosine and sine of the angles by which rotary positions turn a head's numbers, each [T, d]: at place m
 * the numbers i and i + d / 2 are turned together by m 10000^(-2 i / d) (Su et al. 2021, "RoFormer",
 * equation 34; the pairs are those of GPT-NeoX and PyTorch's torchtune, the paper's are neighbours).
 *
 * @param from the first place
 */
export function rotaryTables(
  from: number,
  T: number,
  d: number,
): { cosines: Float32Array; sines: Float32Array } {
  const cosines = new Float32Array(T * d);
  const sines = new Float32Array(T * d);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < d; i++) {
      const angle = (from + t) * 10000 ** ((-2 * (i % (d / 2))) / d);
      cosines[t * d + i] = Math.cos(angle);
      sines[t * d + i] = Math.sin(angle);
    }
  }
  return { cosines, sines };
}

/** What is added to scores [T, S + T] so that no step looks ahead: 0, or a number that softmax makes 0. */
export function causalMask(T: number, S = 0): Float32Array {
  const mask = new Float32Array(T * (S + T));
  for (let t = 0; t < T; t++) {
    mask.fill(-1e9, t * (S + T) + S + t + 1, (t + 1) * (S + T));
  }
  return mask;
}

/** GELU by tanh, x σ(2 √(2/π) (x + 0.044715 x³)) (Hendrycks & Gimpel 2016): the two factors in σ. */
export const GELU_LINEAR = 2 * Math.sqrt(2 / Math.PI);
export const GELU_CUBIC = GELU_LINEAR * 0.044715;
