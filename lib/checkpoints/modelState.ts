import { isRecurrent, type StatefulLayer } from "../engine/engine";
import { randomState, restoreRandomState } from "../engine/random";
import { tf } from "../engine/tensorflow";
import type { TensorEntry } from "../formats/safetensors";
import { layerClasses } from "../layers";
import { requireNames } from "../optionNames";
import { requireWhole } from "../options";
import type { Vocabulary } from "../text/vocabulary";
import { type Checkpoint, CheckpointError, type SavedOptimizer } from "./checkpoint";

interface LayerJson {
  class_name?: unknown;
  config?: { name?: unknown; batch_input_shape?: unknown; layers?: unknown };
}

/**
 * Makes sure that tfjs can build a network of its description. What tfjs itself says of layers that it
 * does not know is meant for programmers who moved a model from Python.
 *
 * @param topology as a checkpoint holds it
 * @throws Error naming the layer, or the option of an initializer
 */
function checkTopology(topology: object): void {
  checkLayers(topology);
  checkInitializers(topology);
}

function checkLayers(topology: object): void {
  const { class_name, config } = topology as LayerJson;
  const layers = Array.isArray(config) ? config : config?.layers;
  if (!Array.isArray(layers)) {
    return;
  }
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  for (const [place, layer] of (layers as LayerJson[]).entries()) {
    const className = layer?.class_name;
    if (typeof className !== "string" || !Object.hasOwn(known, className)) {
      throw new Error(
        `Its layer ${place} is a ${JSON.stringify(className)}, which no class here is named.`,
      );
    }
    checkLayers(layer);
  }
  const first = (layers as LayerJson[])[0];
  const begins = first === undefined || first.config?.batch_input_shape || isNested(first);
  if (class_name === "Sequential" && !begins) {
    throw new Error(
      `Its first layer, a ${String(first.class_name)}, does not say what shape its input has.`,
    );
  }
}

function isNested({ config }: LayerJson): boolean {
  return Array.isArray(config) || Array.isArray(config?.layers);
}

/** What initializers draw by. tfjs draws again and again until a number fits, and with these none may. */
const NUMBERS = ["mean", "stddev", "minval", "maxval", "scale", "value", "gain"];
const NOT_NEGATIVE = ["stddev", "scale"];

/**
 * Checks the initializers in a model's description, so that nothing foreign keeps tfjs drawing
 * forever when it builds the model.
 *
 * @param topology what tfjs wrote of a model, or a part of it
 * @throws Error that names the option, its value and what it must be
 */
function checkInitializers(topology: unknown, place = ""): void {
  if (typeof topology !== "object" || topology === null) {
    return;
  }
  for (const [key, inside] of Object.entries(topology)) {
    if (/initializer$/i.test(key)) {
      checkOptions(inside, `${place}${key}`);
    }
    checkInitializers(inside, `${place}${key}.`);
  }
}

function checkOptions(initializer: unknown, place: string): void {
  const config = (initializer as { config?: Record<string, unknown> } | null)?.config ?? {};
  for (const name of NUMBERS) {
    const value = config[name];
    const least = NOT_NEGATIVE.includes(name) ? 0 : -Infinity;
    if (value === undefined || (Number.isFinite(value) && (value as number) >= least)) {
      continue;
    }
    throw new Error(
      `${place}.config.${name} is ${JSON.stringify(value)}, but must be a finite number` +
        `${least === 0 ? " from 0 up" : ""}.`,
    );
  }
}

/** What `checkpointOf` puts beside the network. */
export interface CheckpointParts {
  /** The optimizer, with what it remembers of the weights. Default: the network alone. */
  optimizer?: { readonly config: SavedOptimizer["config"]; state(): SavedOptimizer["state"] };
  /** The symbols of the codes, so that a sample needs nothing else. Default: none. */
  vocabulary?: Vocabulary;
  /** How many steps the network was trained. Default 0. */
  step?: number;
}

/**
 * A copy of a network as plain data, at any moment: its layers, weights and carried states. Later
 * training does not change it; `modelFromCheckpoint` and `restoreModel` make a network of it again.
 *
 * @throws CheckpointError for something that is no model, or a number of steps that is none
 *
 * @example
 * const before = checkpointOf(model);
 * await train(model, batches);
 * restoreModel(model, before);
 */
export function checkpointOf(model: tf.LayersModel, parts: CheckpointParts = {}): Checkpoint {
  requireNames<CheckpointParts>(
    "checkpointOf",
    parts,
    { optimizer: true, vocabulary: true, step: true },
    { Thrown: CheckpointError },
  );
  const { optimizer, vocabulary, step = 0 } = parts;
  if (!(model instanceof tf.LayersModel)) {
    throw new CheckpointError(
      `checkpointOf was given ${model === null ? "null" : typeof model} in place of a model. Hand over ` +
        "one of charRnn(...), mlp(...) or tf.sequential(...).",
    );
  }
  requireWhole({ step }, 0, { Thrown: CheckpointError });
  return {
    ...captureModel(model),
    position: { step, epoch: 1, batch: 0 },
    ...(optimizer && { optimizer: { config: optimizer.config, state: optimizer.state() } }),
    history: [],
    ...(vocabulary && { vocabulary }),
  };
}

/** A copy of a tensor's values. */
export function entryOf(tensor: tf.Tensor): TensorEntry {
  return { shape: [...tensor.shape], values: Float32Array.from(tensor.dataSync()) };
}

/** A model's weights under names that do not depend on what else the process has built. */
export function namedWeights(model: tf.LayersModel): Map<string, tf.Variable> {
  const named = new Map<string, tf.Variable>();
  for (const [index, layer] of model.layers.entries()) {
    for (const weight of layer.weights) {
      const base = `layers.${index}.${weight.originalName.split("/").pop()}`;
      let name = base;
      for (let copy = 1; named.has(name); copy++) {
        name = `${base}.${copy}`;
      }
      named.set(name, weight.read() as tf.Variable);
    }
  }
  return named;
}

/** The layers of a model that carry a state from one batch to the next, with their places in it. */
export function statefulLayers(model: tf.LayersModel): { index: number; layer: StatefulLayer }[] {
  return model.layers.flatMap((layer, index) =>
    isRecurrent(layer) && layer.stateful ? [{ index, layer }] : [],
  );
}

/** A copy of a model's layers, weights and carried states. */
export function captureModel(
  model: tf.LayersModel,
): Pick<Checkpoint, "topology" | "weights" | "states"> {
  const weights = new Map<string, TensorEntry>();
  for (const [name, variable] of namedWeights(model)) {
    weights.set(name, entryOf(variable));
  }
  const states = new Map<string, TensorEntry>();
  for (const { index, layer } of statefulLayers(model)) {
    for (const [number, state] of layer.getStates().entries()) {
      states.set(`states.${index}.${number}`, entryOf(state));
    }
  }
  return { topology: model.toJSON(null, false) as object, weights, states };
}

/**
 * Gives a model the weights of a checkpoint, and its carried states where the batch size agrees.
 *
 * @throws CheckpointError where the model has other layers or shapes; it is unchanged then
 */
export function restoreModel(model: tf.LayersModel, checkpoint: Checkpoint): void {
  const own = namedWeights(model);
  const describe = (names: Iterable<string>) => [...names].join(", ") || "none";
  if (
    own.size !== checkpoint.weights.size ||
    [...own.keys()].some((n) => !checkpoint.weights.has(n))
  ) {
    throw new CheckpointError(
      "The checkpoint is of a network with other layers. It holds " +
        `${describe(checkpoint.weights.keys())}; this network has ${describe(own.keys())}. ` +
        "Build the network with the options that it was trained with.",
    );
  }
  for (const [name, variable] of own) {
    const { shape } = checkpoint.weights.get(name)!;
    if (shape.join() !== variable.shape.join()) {
      throw new CheckpointError(
        `The checkpoint is of a network of another size: its ${name} has shape [${shape}], but this ` +
          `network's has [${variable.shape}]. Build the network with the options that it was trained with.`,
      );
    }
  }
  tf.tidy(() => {
    for (const [name, variable] of own) {
      const { values, shape } = checkpoint.weights.get(name)!;
      variable.assign(tf.tensor(values, shape));
    }
  });
  restoreStates(model, checkpoint);
}

function restoreStates(model: tf.LayersModel, { states }: Checkpoint): void {
  const batchSize = model.inputs[0]?.shape[0] ?? null;
  for (const { index, layer } of statefulLayers(model)) {
    const saved: TensorEntry[] = [];
    for (let entry = states.get(`states.${index}.0`); entry; ) {
      saved.push(entry);
      entry = states.get(`states.${index}.${saved.length}`);
    }
    const fits = saved.every(({ shape }) => batchSize === null || shape[0] === batchSize);
    tf.tidy(() => {
      layer.setStates(fits ? saved.map(({ values, shape }) => tf.tensor(values, shape)) : []);
    });
  }
}

/**
 * The network of a checkpoint, with its weights: built from the layers that the checkpoint names.
 *
 * @throws CheckpointError where the layers are not known to this version
 */
export async function modelFromCheckpoint(checkpoint: Checkpoint): Promise<tf.LayersModel> {
  let model: tf.LayersModel;
  const random = randomState();
  try {
    // By a use of their own, or a bundler leaves the layers out where nothing else asks for them.
    for (const each of layerClasses) {
      tf.serialization.registerClass(each as never);
    }
    checkTopology(checkpoint.topology);
    // tfjs renames keys in the object that it is given.
    model = await tf.models.modelFromJSON(structuredClone(checkpoint.topology) as never);
  } catch (error) {
    throw new CheckpointError(
      `The checkpoint's network could not be built: ${(error as Error).message} ` +
        "Was it written by another version, or with layers of your own that are not registered yet?",
      { cause: error },
    );
  } finally {
    // The initial weights are thrown away, so what comes after should not depend on their drawing.
    if (random) {
      restoreRandomState(random);
    }
  }
  restoreModel(model, checkpoint);
  return model;
}
