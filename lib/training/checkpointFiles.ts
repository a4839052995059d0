import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { Vocabulary } from "../data/vocabulary";
import { writeAtomically } from "../files/writeAtomically";
import { type Checkpoint, CheckpointError } from "./checkpoint";
import { decodeTensors, encodeTensors, type TensorEntry, TensorFileError } from "./safetensors";

const FORMAT = "karenina-checkpoint";
const VERSION = 1;
const EXTENSION = ".safetensors";

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
    }),
  ),
  vocabulary: z.string().optional(),
});

/**
 * Writes a checkpoint to one file, complete or not at all. Python reads it too:
 * `safetensors.torch.load_file(file)`.
 *
 * @throws Error naming the file and the remedy where it can't be written
 */
export function saveCheckpoint(file: string, checkpoint: Checkpoint): void {
  const { weights, states, optimizer, vocabulary, ...rest } = checkpoint;
  const tensors = new Map<string, TensorEntry>([...weights, ...states]);
  const slots: Record<string, number> = {};
  for (const [slot, arrays] of Object.entries(optimizer?.state.slots ?? {})) {
    slots[slot] = arrays.length;
    for (const [number, values] of arrays.entries()) {
      tensors.set(`optimizer.${slot}.${number}`, { shape: [values.length], values });
    }
  }
  const header: z.input<typeof headerSchema> = {
    ...rest,
    topology: rest.topology as Record<string, unknown>,
    ...(optimizer && {
      optimizer: { config: optimizer.config, step: optimizer.state.step, slots },
    }),
    ...(vocabulary && { vocabulary: vocabulary.toString() }),
  };
  const metadata = { format: FORMAT, version: String(VERSION), checkpoint: JSON.stringify(header) };
  writeAtomically(file, encodeTensors({ tensors, metadata }));
}

/**
 * Reads a checkpoint file, and checks all of it before any of it is used.
 *
 * @throws CheckpointError for a missing, truncated, damaged or foreign file
 */
export function loadCheckpoint(file: string): Checkpoint {
  const shown = path.resolve(file);
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    throw new CheckpointError(
      `The checkpoint ${shown} could not be read (${(error as NodeJS.ErrnoException).code}). ` +
        otherCheckpoints(path.dirname(file)),
      { cause: error },
    );
  }
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    throw new CheckpointError(
      `${shown} can't be used as a checkpoint: ${error.message}. ${otherCheckpoints(path.dirname(file), file)}`,
      { cause: error },
    );
  }
}

function otherCheckpoints(folder: string, except?: string): string {
  const names = listCheckpoints(folder)
    .filter(({ file }) => !except || path.resolve(file) !== path.resolve(except))
    .map(({ name }) => name);
  if (names.length === 0)
    return "Its folder holds no other checkpoint: train first, or name another folder.";
  return `Its folder also holds ${names.slice(-5).join(", ")}: try one of these.`;
}

function parse(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeTensors(bytes);
  if (metadata.format !== FORMAT) throw new TensorFileError("another program wrote it");
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
  const { optimizer, vocabulary, ...rest } = result.data;
  const starting = (prefix: string) =>
    new Map([...tensors].filter(([name]) => name.startsWith(prefix)));
  return {
    ...rest,
    weights: starting("layers."),
    states: starting("states."),
    ...(optimizer && { optimizer: parseOptimizer(optimizer, tensors) }),
    ...(vocabulary !== undefined && { vocabulary: new Vocabulary([...vocabulary]) }),
  };
}

function parseOptimizer(
  { config, step, slots }: NonNullable<z.output<typeof headerSchema>["optimizer"]>,
  tensors: Map<string, TensorEntry>,
): NonNullable<Checkpoint["optimizer"]> {
  const arrays = (slot: string, count: number) =>
    Array.from({ length: count }, (_, number) => {
      const entry = tensors.get(`optimizer.${slot}.${number}`);
      if (!entry) throw new TensorFileError(`its optimizer lacks "${slot}" number ${number}`);
      return entry.values as Float32Array;
    });
  const entries = Object.entries(slots).map(
    ([slot, count]) => [slot, arrays(slot, count)] as const,
  );
  return { config, state: { step, slots: Object.fromEntries(entries) } };
}

/**
 * A checkpoint file of a folder. `name` is without the extension, such as "i200_l512", or
 * "checkpoint_200" as the command line names it.
 */
export interface CheckpointFile {
  file: string;
  name: string;
  step: number;
}

/** The checkpoint files of a folder by step; none where there is no such folder. */
export function listCheckpoints(folder: string): CheckpointFile[] {
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory()) return [];
  return fs
    .readdirSync(folder)
    .flatMap((entry) => {
      const match = /^(i(\d+)(?:_l\d+)?|.+_(\d+))\.safetensors$/.exec(entry);
      return match
        ? [{ file: path.join(folder, entry), name: match[1]!, step: Number(match[2] ?? match[3]) }]
        : [];
    })
    .sort((a, b) => a.step - b.step);
}

/** The file with the most steps. @throws CheckpointError where the folder has none */
export function latestCheckpoint(folder: string): string {
  const last = listCheckpoints(folder).at(-1);
  if (last) return last.file;
  throw new CheckpointError(
    `${path.resolve(folder)} holds no checkpoint (files named like i200_l512${EXTENSION}). ` +
      "Train with the option checkpoints first, or name the folder that a training wrote to.",
  );
}

/** The file of a training's step: `i200_l512` for step 200 of a network with a state of 512. */
export function checkpointFile(folder: string, step: number, hiddenSize?: number): string {
  return path.join(folder, `i${step}${hiddenSize ? `_l${hiddenSize}` : ""}${EXTENSION}`);
}
