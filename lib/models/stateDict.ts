import { KareninaError, nameOf } from "../errors";

/** A tensor as `readSafetensors` gives it; `values` row by row. */
export interface StateTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number> | ArrayLike<bigint>;
}

/** What `model.state_dict()` holds in PyTorch, by name: `readSafetensors(file).tensors`. */
export type StateDict = ReadonlyMap<string, StateTensor> | Readonly<Record<string, StateTensor>>;

/** Thrown where a state_dict and a network do not fit; the message says which part. */
export class StateDictError extends KareninaError {
  override name = "StateDictError";
  readonly code = "bad-state-dict";
}

/** A matrix or vector of 32-bit floats. */
export interface Parameter {
  shape: number[];
  values: Float32Array;
}

/** The parameters of one module of PyTorch, or of one layer of a recurrent one. */
export interface Module {
  /** What comes before the parameters' names: "rnn", "encoder.embed"; "" of a module by itself. */
  name: string;
  /** A recurrent layer, or a matrix with or without a bias: nn.Embedding or nn.Linear. */
  kind: "recurrent" | "matrix";
  /** The number of a recurrent layer within its module, from 0. */
  layer: number;
  parameters: Record<string, Parameter>;
}

const RECURRENT = /^(weight_ih|weight_hh|bias_ih|bias_hh)(?:_l(\d+))?$/;

/**
 * Sorts the entries of a state_dict into modules, recurrent ones layer by layer.
 *
 * @throws StateDictError for an entry of a module that has no like among our layers
 */
export function modulesOf(state: StateDict): Module[] {
  const whole = (state as { tensors?: unknown } | undefined)?.tensors;
  if (typeof state === "string" || whole instanceof Map) {
    throw new StateDictError(
      typeof state === "string"
        ? `The state_dict is the text ${JSON.stringify(state)}, but must be the tensors of a file: readSafetensors(file).tensors.`
        : "The state_dict is all of a file. Pass its tensors: readSafetensors(file).tensors.",
    );
  }
  const entries = state instanceof Map ? [...state] : Object.entries(state ?? {});
  if (entries.length === 0) {
    throw new StateDictError(
      "There is nothing in the state_dict. Pass the tensors of a file: readSafetensors(file).tensors.",
    );
  }
  const modules = new Map<string, Module>();
  for (const [path, tensor] of entries as [string, StateTensor][]) {
    const dot = path.lastIndexOf(".");
    const [name, own] = [path.slice(0, Math.max(0, dot)), path.slice(dot + 1)];
    const [, parameter, number = "0"] = RECURRENT.exec(own) ?? [];
    if (parameter === undefined && own !== "weight" && own !== "bias") {
      throw noLike(path, own);
    }
    const kind = parameter === undefined ? "matrix" : "recurrent";
    const layer = kind === "recurrent" ? Number(number) : 0;
    const key = `${kind} ${layer} ${name}`;
    const module: Module = modules.get(key) ?? { name, kind, layer, parameters: {} };
    modules.set(key, module);
    module.parameters[parameter ?? own] = parameterOf(path, tensor);
  }
  const found = [...modules.values()];
  for (const module of found) {
    requireComplete(module);
  }
  return found.sort((a, b) => a.layer - b.layer);
}

function noLike(path: string, own: string): StateDictError {
  const why = own.endsWith("_reverse")
    ? "it belongs to the backward half of a bidirectional layer, which a network of this library's recurrent layers does not have"
    : own.startsWith("weight_hr")
      ? "it belongs to an LSTM with proj_size, which the library does not have"
      : "only nn.Embedding, nn.LSTM, nn.GRU, nn.RNN (tanh) and nn.Linear have their like here";
  return new StateDictError(
    `"${path}" of the state_dict has no place: ${why}. Leave entries out that do not matter: tensors.delete(${JSON.stringify(path)}).`,
  );
}

function parameterOf(path: string, tensor: StateTensor): Parameter {
  const { shape, values } = tensor ?? {};
  const count = Array.isArray(shape) ? shape.reduce((product, n) => product * n, 1) : undefined;
  if (count === undefined || values?.length !== count) {
    throw new StateDictError(
      count === undefined
        ? `"${path}" of the state_dict is ${nameOf(tensor)}, but must be a tensor as readSafetensors gives it, { shape, values }.`
        : `"${path}" of the state_dict has the shape [${shape}], but ${values?.length ?? "no"} values.`,
    );
  }
  if (typeof values[0] === "bigint") {
    throw new StateDictError(
      `"${path}" of the state_dict holds whole numbers of 64 bits, but parameters are floats. Leave it out: tensors.delete(${JSON.stringify(path)}).`,
    );
  }
  return { shape: [...shape], values: Float32Array.from(values as ArrayLike<number>) };
}

function requireComplete({ name, kind, layer, parameters }: Module): void {
  const needed = kind === "recurrent" ? ["weight_ih", "weight_hh"] : ["weight"];
  const shown = `${name === "" ? "" : `${name}.`}`;
  for (const own of needed) {
    if (parameters[own] === undefined) {
      const full = kind === "recurrent" ? `${own}_l${layer}` : own;
      throw new StateDictError(
        `The state_dict has no "${shown}${full}", though others of its module.`,
      );
    }
    if (parameters[own].shape.length === 2) {
      continue;
    }
    throw new StateDictError(
      `"${shown}${own}" of the state_dict has the shape [${parameters[own].shape}], but must be a matrix: nn.Embedding, nn.LSTM, nn.GRU, nn.RNN (tanh) and nn.Linear are what is taken over.`,
    );
  }
}
