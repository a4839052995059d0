import { isRecurrent as isRecurrentLayer } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";
import { type RecurrentLayer, setPyTorchWeights } from "../layers";
import { requireNames } from "../optionNames";
import { charRnn } from "./charRnn";
import { type Module, modulesOf, type StateDict, StateDictError } from "./stateDict";

export { type StateDict, StateDictError, type StateTensor } from "./stateDict";

/** Options of `setPyTorchState`. */
export interface PyTorchOptions {
  /**
   * Which module of PyTorch belongs to which layer, in the order of the layers that have weights:
   * `["embed", "rnn", "out"]`. A recurrent module with several layers stands once. Default: found by kind
   * and shape.
   */
  names?: readonly string[];
}

/** Options of `charRnnFromPyTorch`. */
export interface CharRnnFromPyTorchOptions extends PyTorchOptions {
  /** N, the rows of a batch. Default 1. */
  batchSize?: number;
}

/**
 * A char-RNN with the weights of a PyTorch model: nn.Embedding (none: symbols go in as one-hot vectors),
 * nn.LSTM, nn.GRU or nn.RNN (with tanh) of any number of layers, nn.Linear. It computes what the other
 * does, with the dropout of `model.eval()`: none. The codes of the symbols are those of the PyTorch model.
 *
 * @param state `readSafetensors(file).tensors`, where Python wrote `save_file(model.state_dict(), file)`
 * @throws StateDictError where the state_dict is of a network that is no char-RNN
 *
 * @example
 * const model = charRnnFromPyTorch(readSafetensors("model.safetensors").tensors);
 * await sample(model, { vocabulary: new Vocabulary(["\n", " ", "a"]), prime: "a" });
 */
export function charRnnFromPyTorch(
  state: StateDict,
  given: CharRnnFromPyTorchOptions = {},
): tf.Sequential {
  requireNames<CharRnnFromPyTorchOptions>(
    "charRnnFromPyTorch",
    given,
    { batchSize: true, names: true },
    asState,
  );
  const { batchSize = 1, ...options } = given;
  const modules = modulesOf(state);
  const recurrent = modules.filter(({ kind }) => kind === "recurrent");
  const matrices = modules.filter(({ kind }) => kind === "matrix");
  const names = new Set(recurrent.map(({ name }) => name));
  if (names.size !== 1 || matrices.length < 1 || matrices.length > 2) {
    throw new StateDictError(
      "A char-RNN has one nn.LSTM, nn.GRU or nn.RNN, one nn.Linear after it, and one nn.Embedding or none " +
        `before it, but the state_dict has ${list(modules)}. Build the network of its layers and take over ` +
        "the weights with setPyTorchState(model, tensors).",
    );
  }
  const [first] = recurrent as [Module];
  const [rows, hiddenSize] = first.parameters.weight_hh.shape as [number, number];
  const inputSize = first.parameters.weight_ih.shape[1];
  const cell = ({ 1: "rnn", 3: "gru", 4: "lstm" } as const)[rows / hiddenSize];
  if (cell === undefined) {
    throw new StateDictError(
      `"${first.name}" has a weight_hh_l0 of the shape [${rows},${hiddenSize}], which is that of no LSTM ([4 H, H]), GRU ([3 H, H]) or RNN ([H, H]).`,
    );
  }
  const vocabularySize = matrices[0].parameters.weight.shape[0];
  const hasEmbedding = matrices.length === 2;
  if (!hasEmbedding && inputSize !== vocabularySize) {
    throw new StateDictError(
      `"${first.name}" reads ${inputSize} features, but the network tells ${vocabularySize} symbols apart, and there is no nn.Embedding. One-hot vectors would be ${vocabularySize} wide.`,
    );
  }
  const model = charRnn({
    vocabularySize,
    batchSize,
    hiddenSize,
    cell,
    numLayers: recurrent.length,
    embeddingSize: hasEmbedding ? inputSize : 0,
    resetAfter: cell === "gru",
  });
  try {
    setPyTorchState(model, state, options);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * Gives a model of this library's layers the weights of a PyTorch model: `layers.embedding` those of an
 * nn.Embedding, `lstm`, `gru` (with `resetAfter`) and `simpleRNN` those of the layers of an nn.LSTM, nn.GRU
 * and nn.RNN, `dense` and tf's dense layers those of an nn.Linear, whose matrix is turned round. A bias that
 * PyTorch's module does not have is set to zeros.
 *
 * @param state `readSafetensors(file).tensors`
 * @throws StateDictError where a layer and a module do not fit, one of them is left over, or several
 *   modules would fit alike; the model is unchanged then
 */
export function setPyTorchState(
  model: tf.LayersModel,
  state: StateDict,
  options: PyTorchOptions = {},
): void {
  requireNames<PyTorchOptions>("setPyTorchState", options, { names: true }, asState);
  const { names } = options;
  if (!Array.isArray(model?.layers)) {
    throw new StateDictError(
      `setPyTorchState was given ${nameOf(model)} as its model, but needs one of TensorFlow.js's, such as mlp(...).`,
    );
  }
  const layers = model.layers.filter((layer) => layer.weights.length > 0);
  const modules = modulesOf(state);
  const pairs = names ? byNames(layers, modules, names) : byShape(layers, modules);
  for (const [layer, module] of pairs) {
    requireFit(layer, module);
  }
  for (const [layer, module] of pairs) {
    setWeights(layer, module);
  }
}

const asState = { Thrown: StateDictError };

type Layer = tf.layers.Layer;
type Pair = readonly [layer: Layer, module: Module];

function byNames(layers: Layer[], modules: Module[], names: readonly string[]): Pair[] {
  if (!Array.isArray(names)) {
    throw new StateDictError(
      `names is ${nameOf(names)}, but must be a list of the modules in the order of the layers: ["rnn", "out"].`,
    );
  }
  const ordered = names.flatMap((name) => {
    const found = modules.filter((module) => module.name === name);
    if (found.length > 0) {
      return found;
    }
    throw new StateDictError(`The state_dict has no module "${name}". There are ${list(modules)}.`);
  });
  if (ordered.length !== layers.length || modules.some((module) => !ordered.includes(module))) {
    throw new StateDictError(
      `\`names\` has ${list(ordered)}; the state_dict has ${list(modules)}, and the model ` +
        `${layers.length} layers with weights: ${layers.map(described).join(", ")}. Name each module once, in the order of the layers.`,
    );
  }
  return layers.map((layer, i) => [layer, ordered[i]] as const);
}

/** A module for each layer, where only one is possible. An embedding never has a bias, so it comes first. */
function byShape(layers: Layer[], modules: Module[]): Pair[] {
  const left = new Set(modules);
  const chosen = new Map<Layer, Module>();
  const order = [...layers].sort((a, b) => Number(isEmbedding(b)) - Number(isEmbedding(a)));
  for (const layer of order) {
    const fitting = [...left].filter((module) => misfit(layer, module) === undefined);
    const module = onlyOne(layer, fitting);
    if (module === undefined) {
      throw new StateDictError(
        `${described(layer)} finds no module in the state_dict: left are ${list([...left])}. Build the model with the sizes of the PyTorch model.`,
      );
    }
    chosen.set(layer, module);
    left.delete(module);
  }
  if (left.size > 0) {
    throw new StateDictError(
      `The model has no layer for ${list([...left])} of the state_dict. Add the layers, or leave the entries out.`,
    );
  }
  return layers.map((layer) => [layer, chosen.get(layer)!] as const);
}

/** Of layers of one recurrent module, the first that is left; of others none may be mistaken. */
function onlyOne(layer: Layer, fitting: readonly Module[]): Module | undefined {
  const names = new Set(fitting.map(({ name }) => name));
  if (names.size <= 1) {
    return fitting[0];
  }
  throw new StateDictError(
    `${described(layer)} fits several modules of the state_dict: ${list(fitting)}. Say which belongs to which layer, in the model's order: { names: ["...", "..."] }.`,
  );
}

function requireFit(layer: Layer, module: Module): void {
  const why = misfit(layer, module);
  if (why !== undefined) {
    throw new StateDictError(why);
  }
}

/** Why a layer cannot take a module's weights; undefined where it can. */
function misfit(layer: Layer, module: Module): string | undefined {
  const { parameters, kind } = module;
  const differ = `${described(layer)} cannot take the weights of ${list([module])}`;
  if (isRecurrent(layer) !== (kind === "recurrent")) {
    return `${differ}: they are of another kind.`;
  }
  const [kernel, second] = layer.getWeights().map(({ shape }) => shape);
  const [rows, columns] = kernel as [number, number];
  if (kind === "recurrent") {
    const wanted = { weight_ih: [columns, rows], weight_hh: [second[1]!, second[0]] };
    for (const [name, shape] of Object.entries(wanted)) {
      const given = parameters[name].shape;
      if (given.join() !== shape.join()) {
        return `${differ}: its ${name} has the shape [${given}], not [${shape}].`;
      }
    }
    const width = columns;
    const biases = [parameters.bias_ih, parameters.bias_hh].filter((bias) => bias !== undefined);
    if (biases.some(({ shape }) => shape.join() !== `${width}`)) {
      return `${differ}: a bias is no list of ${width}.`;
    }
    if (biases.length > 0 && layer.weights.length < 3) {
      return `${differ}: the layer has no bias.`;
    }
    return (layer as unknown as { resetAfter?: boolean }).resetAfter === false
      ? `${differ}: a GRU of PyTorch needs layers.gru({ resetAfter: true }).`
      : undefined;
  }
  const { weight, bias } = parameters;
  const wanted = isEmbedding(layer) ? [rows, columns] : [columns, rows];
  if (weight.shape.join() !== wanted.join()) {
    return `${differ}: its weight has the shape [${weight.shape}], not [${wanted}].`;
  }
  if (bias && (isEmbedding(layer) || second === undefined)) {
    return `${differ}: the layer has no bias.`;
  }
  if (bias && bias.shape.join() !== `${columns}`) {
    return `${differ}: its bias is no list of ${columns}.`;
  }
  return undefined;
}

function setWeights(layer: Layer, { parameters }: Module): void {
  if (isRecurrent(layer)) {
    const { weight_ih, weight_hh, bias_ih, bias_hh } = parameters;
    setPyTorchWeights(layer, {
      weight_ih: weight_ih,
      weight_hh: weight_hh,
      ...(bias_ih && { bias_ih }),
      ...(bias_hh && { bias_hh }),
    });
    return;
  }
  tf.tidy(() => {
    const weight = tf.tensor(parameters.weight.values, parameters.weight.shape);
    if (isEmbedding(layer)) {
      return layer.setWeights([weight]);
    }
    const kernel = tf.transpose(weight);
    const [, bias] = layer.getWeights();
    if (bias === undefined) {
      return layer.setWeights([kernel]);
    }
    const given = parameters.bias;
    layer.setWeights([kernel, given ? tf.tensor(given.values) : tf.zerosLike(bias)]);
  });
}

function isRecurrent(layer: Layer): layer is RecurrentLayer {
  return isRecurrentLayer(layer);
}

function isEmbedding(layer: Layer): boolean {
  return layer.getClassName().endsWith("Embedding");
}

function described(layer: Layer): string {
  const shapes = layer.getWeights().map(({ shape }) => `[${shape}]`);
  return `The layer ${layer.name} (${shapes.join(", ")})`;
}

function list(modules: readonly Module[]): string {
  if (modules.length === 0) {
    return "none";
  }
  return modules
    .map(({ name, kind, layer, parameters }) => {
      const { shape } = parameters.weight ?? parameters.weight_ih;
      return `"${name}"${kind === "recurrent" ? ` layer ${layer}` : ""} [${shape}]`;
    })
    .join(", ");
}
