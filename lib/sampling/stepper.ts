import { engine } from "../engine/choice";
import type { Stepper } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { requireWhole } from "../options";
import { charRnnLayers, steppedLayers } from "./steppedLayers";

export type { CharRnnLayers, Logits, Stepper } from "../engine/engine";

/**
 * Makes a stepper of a char-RNN (one-hot or embedding, recurrent layers with or without dropout between
 * them, dense) or of a transformer as `transformer` builds it. It holds the weights as they are now (make a
 * new one after more training) and states of its own, which begin with zeros; the model's states are not
 * touched. Dropout is off.
 *
 * A transformer's state is a cache of the keys and values of what it has read. Where it has read as many
 * symbols as its contextLength, the newer half of them is read again and the older forgotten.
 *
 * @param options.batchSize N, how many sequences are stepped side by side, default 1
 * @throws Error if the model has other layers
 */
export function createStepper(
  model: tf.LayersModel,
  { batchSize = 1 }: { batchSize?: number } = {},
): Stepper {
  requireWhole({ batchSize });
  const layers = steppedLayers(model);
  const stepper = engine().stepper(layers, batchSize);
  return {
    step(ids) {
      checkIds(ids, batchSize, layers.symbols);
      return stepper.step(ids);
    },
    reset: () => stepper.reset(),
    dispose: () => stepper.dispose(),
  };
}

/** @throws Error if there are not N ids, or one is not among the V symbols */
export function checkIds(ids: Int32Array, N: number, V: number): void {
  if (ids?.length !== N) {
    throw new Error(
      `The stepper reads ${N} symbols a step, one for each sequence, not ${ids?.length ?? "none"}.`,
    );
  }
  for (const id of ids) {
    if (!(id >= 0 && id < V && Number.isInteger(id))) {
      throw new Error(
        `The symbol ${id} is none of the model's: they are whole numbers from 0 to ${V - 1}.`,
      );
    }
  }
}

/**
 * Reads a text with a char-RNN and keeps what each unit of one recurrent layer showed after each
 * symbol: its part of the hidden state h, which begins with zeros. The model's own state is not touched.
 *
 * @param ids the text's T symbols, each 0 ... V - 1
 * @param options.layer which recurrent layer, counted from 0 at the input; default the last one
 * @returns T rows of H activations
 * @throws Error if the model is no char-RNN, has no such layer, or an id is out of range
 */
export function readActivations(
  model: tf.LayersModel,
  ids: Int32Array,
  { layer }: { layer?: number } = {},
): Float32Array[] {
  const { input, recurrent, symbols } = charRnnLayers(model);
  const wanted = layer ?? recurrent.length - 1;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted >= recurrent.length) {
    throw new Error(
      `layer is ${layer}, but the model's recurrent layers are 0 to ${recurrent.length - 1}.`,
    );
  }
  if (ids.length === 0) {
    throw new Error("There is nothing to read: `ids` is empty.");
  }
  checkIds(ids, ids.length, symbols);
  const hidden = tf.tidy(() => {
    let x = input.apply(tf.tensor2d(ids, [ids.length, 1], "int32")) as tf.Tensor;
    for (const each of recurrent.slice(0, wanted + 1)) {
      x = each.advance(x, each.zeroStates(1)).sequence;
    }
    return x;
  });
  const H = hidden.shape[2] as number;
  const values = hidden.dataSync() as Float32Array;
  hidden.dispose();
  return Array.from(ids, (_, t) => Float32Array.from(values.subarray(t * H, (t + 1) * H)));
}

/** A unit, and how closely it goes with a feature. */
export interface TrackingUnit {
  unit: number;
  /** Pearson's, -1 ... 1: at -1 the unit is low where the feature is high. */
  correlation: number;
}

/**
 * The unit that follows a feature of the text most closely, by the size of its correlation.
 *
 * @param activations T rows of H, as {@link readActivations} gives them
 * @param feature T numbers: the distance from the last blank, 1 inside quotation marks and else 0
 * @throws Error if the lengths differ or the feature is the same everywhere
 *
 * @example
 * trackingUnit(readActivations(model, ids), sinceBlank); // { unit: 87, correlation: -0.81 }
 */
export function trackingUnit(
  activations: readonly ArrayLike<number>[],
  feature: readonly number[],
): TrackingUnit {
  if (activations.length !== feature.length) {
    throw new Error(
      `There are activations after ${activations.length} symbols, but the feature has ` +
        `${feature.length} numbers. Pass one number a symbol.`,
    );
  }
  const wanted = centred(feature);
  const size = Math.hypot(...wanted);
  if (!(size > 0)) {
    throw new Error("The feature is the same everywhere, so no unit can be said to follow it.");
  }
  let best: TrackingUnit = { unit: 0, correlation: 0 };
  for (let unit = 0; unit < activations[0].length; unit++) {
    const shown = centred(activations.map((row) => row[unit]));
    const product = shown.reduce((sum, value, t) => sum + value * wanted[t], 0);
    const correlation = product / (size * Math.hypot(...shown) || 1);
    if (Math.abs(correlation) > Math.abs(best.correlation)) {
      best = { unit, correlation };
    }
  }
  return best;
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
