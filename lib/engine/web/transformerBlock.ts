import { GELU_CUBIC, GELU_LINEAR, NORM_EPSILON, rotaryTables } from "../attention";
import type { LayerDescription } from "../engine";
import { sizeOf } from "../wholeSteps";
import { addDense, addDropout } from "./feedForward";
import { bitsOf, type Program } from "./program";
import type { LayerInputs, LayerProgram, Values } from "./signals";

// A transformer's block in the program of a training step: as native/transformerBlock.ts has it, in instructions.
// Row t N + n of [T N, D] is step t of sequence n.

/** A part of it, which always gives the gradient by its input. */
interface BlockPart {
  output: Values;
  backward(gradient: number): number;
}

/** Layer normalisation of rows. */
export function addNorm(
  program: Program,
  x: Values,
  { weights: [gain, bias] }: Pick<LayerInputs, "weights">,
): BlockPart {
  const { D } = x;
  const R = sizeOf(x.leading);
  const [at, normal, inverse] = [program.place(R * D), program.place(R * D), program.place(R)];
  const values = [x.at, gain.value, bias.value];
  program.add("norm", R, D, bitsOf(NORM_EPSILON), ...values, at, normal, inverse);
  return {
    output: { ...x, at },
    backward(dy) {
      const dx = program.place(R * D);
      program.add("normSlopes", R, D, dy, gain.value, normal, inverse, dx);
      program.add("multiply", R * D, normal, dy);
      program.together(() => {
        program.add("sumRows", normal, R, D, gain.gradient);
        program.add("sumRows", dy, R, D, bias.gradient);
      });
      return dx;
    },
  };
}

function addGelu(program: Program, x: Values): BlockPart {
  const size = sizeOf(x.leading) * x.D;
  const at = program.place(size);
  const factors = [bitsOf(GELU_CUBIC), bitsOf(GELU_LINEAR)];
  program.add("gelu", size, ...factors, x.at, at);
  return {
    output: { ...x, at },
    backward(gradient) {
      program.add("geluSlopes", size, ...factors, x.at, gradient);
      return gradient;
    },
  };
}

/** Causal attention of all heads, from qkv [T, N, 3 D] to [T, N, D]. */
function addAttention(
  program: Program,
  qkv: Values,
  { heads, rotary }: { heads: number; rotary: boolean },
): BlockPart {
  const [T, N] = qkv.leading;
  const D = qkv.D / 3;
  const d = D / heads;
  const tables = rotary ? rotaryTables(0, T, d) : undefined;
  const placeOf = (table?: Float32Array) =>
    table ? program.floats(table.length, (into) => into.set(table)) : 0;
  const turns = [placeOf(tables?.cosines), placeOf(tables?.sines)];
  const [at, weights] = [program.place(T * N * D), program.place(N * heads * T * T)];
  const all = [N, T, heads, d, qkv.at, ...turns, at, weights];
  program.needScratch(program.module.attentionScratch(T, d));
  program.add("attention", ...all, 0, 0);
  return {
    output: { ...qkv, at, D },
    backward(gradient) {
      const slopes = program.place(T * N * 3 * D);
      program.add("attentionSlopes", ...all, gradient, slopes);
      return slopes;
    },
  };
}

/** x ← x + W_o attention(W_qkv norm(x)), then x ← x + W_contract gelu(W_expand norm(x)). */
export function addTransformerBlock(
  program: Program,
  layer: Extract<LayerDescription, { kind: "transformerBlock" }>,
  x: Values,
  { weights: w, seeds }: LayerInputs,
): LayerProgram {
  const { D } = x;
  const size = sizeOf(x.leading) * D;
  const dense = (from: Values, units: number, place: number): BlockPart => {
    const ofWeights = { weights: w.slice(place, place + 2) };
    const added = addDense(program, { units, activation: "linear" }, from, ofWeights);
    return { ...added, backward: (gradient) => added.backward(gradient, true) as number };
  };
  const drop = (value: Values, mask: number): BlockPart => {
    const { dropout: rate } = layer;
    const added = addDropout(program, { rate }, value, { seeds: seeds.slice(mask) });
    return { ...added, backward: (gradient) => added.backward(gradient, true) as number };
  };
  /** The numbers at `from` at a place of their own. */
  const copy = (from: number): number => {
    const at = program.place(size);
    program.add("columns", from, 1, size, at, size);
    return at;
  };
  const sum = (value: Values, more: Values): Values => {
    const at = copy(value.at);
    program.add("add", size, at, more.at);
    return { ...value, at };
  };
  const first = addNorm(program, x, { weights: w.slice(0, 2) });
  const product = dense(first.output, 3 * D, 2);
  const attention = addAttention(program, product.output, layer);
  const projection = dense(attention.output, D, 4);
  const mixed = drop(projection.output, 0);
  const middle = sum(x, mixed.output);
  const second = addNorm(program, middle, { weights: w.slice(6, 8) });
  const expansion = dense(second.output, layer.hidden, 8);
  const hidden = addGelu(program, expansion.output);
  const contraction = dense(hidden.output, D, 10);
  const thought = drop(contraction.output, 1);
  /** Back through some parts, and around them. */
  const around = (gradient: number, parts: BlockPart[]): number => {
    // Dropout writes to the gradient that it gets.
    let within = layer.dropout > 0 ? copy(gradient) : gradient;
    for (const part of parts) {
      within = part.backward(within);
    }
    program.add("add", size, within, gradient);
    return within;
  };
  return {
    output: sum(middle, thought.output),
    backward(gradient) {
      const byMiddle = around(gradient, [thought, contraction, hidden, expansion, second]);
      return around(byMiddle, [mixed, projection, attention, product, first]);
    },
  };
}
