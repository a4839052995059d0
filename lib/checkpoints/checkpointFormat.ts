import { z } from "zod";
import {
  decodeTensors,
  encodeTensors,
  type Sha256,
  type TensorEntry,
  TensorFileError,
} from "../formats/safetensors";
import { Vocabulary } from "../text/vocabulary";
import type { CallbackState, Checkpoint } from "./checkpoint";

const FORMAT = "karenina-checkpoint";
const VERSION = 1;

const aleaState = z.object({ c: z.number(), s0: z.number(), s1: z.number(), s2: z.number() });

/** What stands in the file's header beside the tensors. */
const headerSchema = z.object({
  position: z.object({
    step: z.int().nonnegative(),
    epoch: z.int().positive(),
    batch: z.int().nonnegative(),
  }),
  topology: z.record(z.string(), z.unknown()),
  optimizer: z
    .object({
      config: z
        .object({ kind: z.string(), learningRate: z.number() })
        .catchall(z.union([z.number(), z.boolean(), z.string()])),
      step: z.int().nonnegative(),
      /** How many arrays each slot has; the arrays are tensors `optimizer.<slot>.<number>`. */
      slots: z.record(z.string(), z.int().nonnegative().max(100_000)),
    })
    .optional(),
  random: z.object({ now: aleaState, atEpochStart: aleaState }).optional(),
  history: z.array(
    z.object({
      step: z.number(),
      epoch: z.number(),
      loss: z.number(),
      gradientNorm: z.number(),
      learningRate: z.number(),
      seconds: z.number(),
      validationLoss: z.number().optional(),
      updateRatios: z.record(z.string(), z.number()).optional(),
      weight: z.number().optional(),
    }),
  ),
  /** The arrays are tensors `callbacks.<name>.<array>`. */
  callbacks: z
    .record(z.string(), z.object({ values: z.unknown(), arrays: z.array(z.string()) }))
    .optional(),
  vocabulary: z.string().optional(),
});

type Header = z.output<typeof headerSchema>;

/**
 * The bytes of a checkpoint's file.
 *
 * @param sha256 a faster SHA-256 than the one in JavaScript, where there is one
 */
export function encodeCheckpoint(checkpoint: Checkpoint, sha256?: Sha256): Uint8Array {
  const { weights, states, optimizer, callbacks, vocabulary, ...rest } = checkpoint;
  const tensors = new Map<string, TensorEntry>([...weights, ...states]);
  const slots: Record<string, number> = {};
  for (const [slot, arrays] of Object.entries(optimizer?.state.slots ?? {})) {
    slots[slot] = arrays.length;
    for (const [number, values] of arrays.entries()) {
      tensors.set(`optimizer.${slot}.${number}`, { shape: [values.length], values });
    }
  }
  const remembered: NonNullable<Header["callbacks"]> = {};
  for (const [name, { values, tensors: arrays = {} }] of callbacks ?? []) {
    remembered[name] = { values, arrays: Object.keys(arrays) };
    for (const [array, entry] of Object.entries(arrays)) {
      tensors.set(`callbacks.${name}.${array}`, entry);
    }
  }
  const header: z.input<typeof headerSchema> = {
    ...rest,
    topology: rest.topology as Record<string, unknown>,
    ...(optimizer && {
      optimizer: { config: optimizer.config, step: optimizer.state.step, slots },
    }),
    ...(callbacks && { callbacks: remembered }),
    ...(vocabulary && { vocabulary: vocabulary.toString() }),
  };
  const metadata = { format: FORMAT, version: String(VERSION), checkpoint: JSON.stringify(header) };
  return encodeTensors({ tensors, metadata }, sha256);
}

/**
 * A checkpoint of a file's bytes.
 *
 * @param sha256 a faster SHA-256 than the one in JavaScript, where there is one
 * @throws TensorFileError saying what is wrong with the bytes
 */
export function decodeCheckpoint(bytes: Uint8Array, sha256?: Sha256): Checkpoint {
  const { tensors, metadata } = decodeTensors(bytes, formerOrder, sha256);
  if (metadata.format !== FORMAT) {
    throw new TensorFileError(
      "another program wrote it, and it does not say what network its tensors belong to. " +
        "readSafetensors(file) reads them, and charRnnFromPyTorch(tensors) makes a network of a " +
        "PyTorch state_dict",
    );
  }
  if (metadata.version !== String(VERSION)) {
    throw new TensorFileError(
      `it has version ${metadata.version} of the format, but this library reads version ${VERSION}`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(metadata.checkpoint ?? "");
  } catch {
    throw new TensorFileError("its description is not JSON");
  }
  const result = headerSchema.safeParse(json);
  if (!result.success) {
    throw new TensorFileError(`its description is incomplete (${z.prettifyError(result.error)})`);
  }
  const { optimizer, callbacks, vocabulary, ...rest } = result.data;
  const starting = (prefix: string) =>
    new Map([...tensors].filter(([name]) => name.startsWith(prefix)));
  return {
    ...rest,
    weights: starting("layers."),
    states: starting("states."),
    ...(optimizer && { optimizer: parseOptimizer(optimizer, tensors) }),
    ...(callbacks && { callbacks: parseCallbacks(callbacks, tensors) }),
    ...(vocabulary !== undefined && { vocabulary: new Vocabulary([...vocabulary]) }),
  };
}

/** Weights of a layer in the order in which the layers have them. */
const WEIGHT_ORDER = ["embeddings", "kernel", "recurrent_kernel", "bias"];

/** How version 1 ordered its tensors before they went by name: as `encodeCheckpoint` collects them. */
function formerOrder(
  names: readonly string[],
  metadata: Readonly<Record<string, string>>,
): string[] {
  const described = /"slots":\{([^}]*)\}/.exec(metadata.checkpoint ?? "")?.[1] ?? "";
  const slots = [...described.matchAll(/"([^"]*)":/g)].map(([, slot]) => slot);
  const groups = ["layers", "states", "optimizer", "callbacks"];
  const key = (name: string): number[] => {
    const [group, first, second] = name.split(".") as [string, string, string];
    if (group === "layers") {
      return [0, Number(first), WEIGHT_ORDER.indexOf(second)];
    }
    if (group === "optimizer") {
      return [2, slots.indexOf(first), Number(second)];
    }
    return [groups.indexOf(group), Number(first), Number(second)];
  };
  return [...names].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const place = left.findIndex((value, i) => value !== right[i]);
    return place < 0 ? 0 : left[place] - right[place] || 0;
  });
}

function parseOptimizer(
  { config, step, slots }: NonNullable<Header["optimizer"]>,
  tensors: Map<string, TensorEntry>,
): NonNullable<Checkpoint["optimizer"]> {
  const arrays = (slot: string, count: number) =>
    Array.from({ length: count }, (_, number) => {
      const entry = tensors.get(`optimizer.${slot}.${number}`);
      if (!entry) {
        throw new TensorFileError(`its optimizer lacks "${slot}" number ${number}`);
      }
      return entry.values as Float32Array;
    });
  const entries = Object.entries(slots).map(
    ([slot, count]) => [slot, arrays(slot, count)] as const,
  );
  return { config, state: { step, slots: Object.fromEntries(entries) } };
}

function parseCallbacks(
  callbacks: NonNullable<Header["callbacks"]>,
  tensors: Map<string, TensorEntry>,
): Map<string, CallbackState> {
  const states = new Map<string, CallbackState>();
  for (const [name, { values, arrays }] of Object.entries(callbacks)) {
    const entries = arrays.map((array) => {
      const entry = tensors.get(`callbacks.${name}.${array}`);
      if (!entry) {
        throw new TensorFileError(`its callback ${name} lacks the array "${array}"`);
      }
      return [array, entry] as const;
    });
    states.set(name, { values, tensors: Object.fromEntries(entries) });
  }
  return states;
}
