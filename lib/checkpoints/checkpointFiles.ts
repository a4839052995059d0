import type { tf } from "../engine/tensorflow";
import { type Sha256, TensorFileError } from "../formats/safetensors";
import { host } from "../host/host";
import { requireNames } from "../optionNames";
import { requireOptions } from "../options";
import type { Vocabulary } from "../text/vocabulary";
import { type Checkpoint, CheckpointError, type CheckpointStore } from "./checkpoint";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpointFormat";
import { checkpointOf, modelFromCheckpoint } from "./modelState";

const EXTENSION = ".safetensors";

/** The host's own, ten times as fast as one in JavaScript. */
const sha256: Sha256 = (parts) => {
  const hash = host.process.sha256();
  for (const part of parts) {
    hash.update(part);
  }
  return hash.hex();
};

const asCheckpoint = { Thrown: CheckpointError };

function requirePath(path: Readonly<Record<string, unknown>>, expected: string): void {
  const isText = (each: unknown) => typeof each === "string" && each !== "";
  requireOptions(path, isText, expected, asCheckpoint);
}

/** A name in a folder. A relative folder stays one, for the sake of messages. */
const within = (folder: string, name: string) => `${folder.replace(/(?<=.)[\\/]+$/, "")}/${name}`;
const folderOf = (file: string) => host.store.resolve(file, "..");

/**
 * Writes a checkpoint to one file, complete or not at all. Python reads it too:
 * `safetensors.torch.load_file(file)`.
 *
 * @throws Error naming the file and the remedy where it can't be written
 */
export function saveCheckpoint(file: string, checkpoint: Checkpoint): void {
  requirePath({ file }, "the path of a file");
  host.store.write(file, encodeCheckpoint(checkpoint, sha256));
}

/**
 * Reads a checkpoint file, and checks all of it before any of it is used.
 *
 * @throws CheckpointError for a missing, truncated, damaged or foreign file
 */
export function loadCheckpoint(file: string): Checkpoint {
  requirePath({ file }, "the path of a file");
  const shown = host.store.resolve(file);
  let bytes: Uint8Array;
  try {
    bytes = host.store.read(file);
  } catch (error) {
    throw new CheckpointError(
      `The checkpoint ${shown} could not be read (${(error as { code?: string }).code}). ` +
        otherCheckpoints(folderOf(file)),
      { cause: error },
    );
  }
  try {
    return decodeCheckpoint(bytes, sha256);
  } catch (error) {
    if (!(error instanceof TensorFileError)) {
      throw error;
    }
    throw new CheckpointError(
      `${shown} can't be used as a checkpoint: ${error.message}. ${otherCheckpoints(folderOf(file), file)}`,
      { cause: error },
    );
  }
}

function otherCheckpoints(folder: string, except?: string): string {
  const names = listCheckpoints(folder)
    .filter(({ file }) => !except || host.store.resolve(file) !== host.store.resolve(except))
    .map(({ name }) => name);
  if (names.length === 0) {
    return "Its folder holds no other checkpoint: train first, or name another folder.";
  }
  return `Its folder also holds ${names.slice(-5).join(", ")}: try one of these.`;
}

/**
 * Writes a network to one file: its layers and weights, without what a training would go on with.
 *
 * @param options.vocabulary the symbols of its codes, so that a sample needs nothing else
 * @throws Error naming the file and the remedy where it can't be written
 *
 * @example
 * saveModel("tolstoy.safetensors", model, { vocabulary });
 */
export function saveModel(
  file: string,
  model: tf.LayersModel,
  options: { vocabulary?: Vocabulary } = {},
): void {
  requireNames<typeof options>("saveModel", options, { vocabulary: true }, asCheckpoint);
  const { vocabulary } = options;
  requirePath({ file }, "the path of a file, and the model comes after it");
  saveCheckpoint(file, { ...checkpointOf(model, { vocabulary }), states: new Map() });
}

/**
 * The network of a file that `saveModel` or a training wrote. What else the file holds, the vocabulary
 * for one, `loadCheckpoint(file)` gives.
 *
 * @returns a new model, yours to dispose
 * @throws CheckpointError for a missing, truncated, damaged or foreign file
 */
export function loadModel(file: string): Promise<tf.LayersModel> {
  // A promise also of what is wrong with the file.
  return Promise.resolve(file).then(loadCheckpoint).then(modelFromCheckpoint);
}

/** A checkpoint file of a folder. `name` is without the extension, such as "checkpoint_200". */
export interface CheckpointFile {
  file: string;
  name: string;
  step: number;
}

/** `checkpoint_200`, of whatever name; and `i200` or `i200_l512`, as earlier versions named them. */
const STEP_FILE = /^(i(\d+)(?:_l\d+)?|.+_(\d+))\.safetensors$/;

/** The checkpoint files of a folder by step; none where there is no such folder. */
export function listCheckpoints(folder: string): CheckpointFile[] {
  requirePath({ folder }, "the path of a folder");
  if (host.store.look(folder)?.kind !== "folder") {
    return [];
  }
  return host.store
    .list(folder)
    .flatMap((entry) => {
      const match = STEP_FILE.exec(entry);
      return match
        ? [{ file: within(folder, entry), name: match[1], step: Number(match[2] ?? match[3]) }]
        : [];
    })
    .sort((a, b) => a.step - b.step);
}

/** The file with the most steps. @throws CheckpointError where the folder has none */
export function latestCheckpoint(folder: string): string {
  const last = listCheckpoints(folder).at(-1);
  if (last) {
    return last.file;
  }
  throw new CheckpointError(
    `${host.store.resolve(folder)} holds no checkpoint (files named like checkpoint_200${EXTENSION}). ` +
      "Train with the callback checkpoints(folder) first, or name the folder that a training wrote to.",
  );
}

/** The checkpoints of a folder, which is made where missing: `<name>.safetensors`. */
export function folderStore(folder: string): CheckpointStore & { placeOf(name: string): string } {
  const placeOf = (name: string) => within(folder, `${name}${EXTENSION}`);
  return {
    placeOf,
    save: (name, checkpoint) => saveCheckpoint(placeOf(name), checkpoint),
    remove: (name) => host.store.remove(placeOf(name)),
  };
}
