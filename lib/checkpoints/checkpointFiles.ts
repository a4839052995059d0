import fs from "node:fs";
import path from "node:path";
import { writeAtomically } from "../host/node/writeAtomically";
import { type Checkpoint, CheckpointError } from "./checkpoint";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpointFormat";
import { TensorFileError } from "../formats/safetensors";

const EXTENSION = ".safetensors";

/**
 * Writes a checkpoint to one file, complete or not at all. Python reads it too:
 * `safetensors.torch.load_file(file)`.
 *
 * @throws Error naming the file and the remedy where it can't be written
 */
export function saveCheckpoint(file: string, checkpoint: Checkpoint): void {
  writeAtomically(file, encodeCheckpoint(checkpoint));
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
    return decodeCheckpoint(bytes);
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

/** The file of the best step, which a training with the option `checkpoints.best` keeps. */
export function bestCheckpointFile(folder: string): string {
  return path.join(folder, `best${EXTENSION}`);
}
