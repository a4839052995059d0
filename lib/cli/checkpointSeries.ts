import fs from "node:fs";
import * as path from "node:path";
import type { Checkpoint } from "../checkpoints/checkpoint";
import { listCheckpoints, saveCheckpoint } from "../checkpoints/checkpointFiles";
import { PRETRAINED, pretrainedFile } from "../models/pretrained";
import { CommandError } from "./commandError";
import type { LossHistory, StoredOptions } from "./lossHistory";

/** The checkpoints of one training: `<name>_<step>.safetensors`, each with its history beside it. */
export class CheckpointSeries {
  /** The step of the last one written. */
  last: number | undefined;

  /** @param name a path without step and extension, such as `cv/checkpoint` */
  constructor(readonly name: string) {}

  file(step: number): string {
    return `${this.name}_${step}.safetensors`;
  }

  historyFile(step: number): string {
    return historyBeside(this.file(step));
  }

  /** @throws Error where a file can't be written; then neither is there */
  write(checkpoint: Checkpoint, history: LossHistory, options: StoredOptions): void {
    const { step } = checkpoint.position;
    history.write(this.historyFile(step), options);
    try {
      saveCheckpoint(this.file(step), checkpoint);
    } catch (error) {
      fs.rmSync(this.historyFile(step), { force: true });
      throw error;
    }
    this.last = step;
  }

  /**
   * Moves what an earlier training left under this name into a folder `earlier-1`, `earlier-2`, ...,
   * so that neither is mistaken for the other, nor lost.
   *
   * @returns the folder; undefined where there was nothing
   */
  moveEarlierAside(): string | undefined {
    const folder = path.dirname(this.name);
    const base = path.basename(this.name);
    const own = fs.readdirSync(folder).filter((entry) => {
      const rest = entry.startsWith(base) ? entry.slice(base.length) : "";
      return /^_\d+\.(safetensors|json)$/.test(rest);
    });
    if (own.length === 0) return undefined;
    let number = 1;
    while (fs.existsSync(path.join(folder, `earlier-${number}`))) number++;
    const aside = path.join(folder, `earlier-${number}`);
    fs.mkdirSync(aside);
    for (const entry of own) fs.renameSync(path.join(folder, entry), path.join(aside, entry));
    return aside;
  }
}

/** The name of a series where the user may have named only its folder. */
export function checkpointsNamed(name: string): string {
  const isFolder = /[\\/]$/.test(name) || (fs.existsSync(name) && fs.statSync(name).isDirectory());
  return isFolder ? path.join(name, "checkpoint") : name;
}

/** The name of the series that a checkpoint file belongs to. */
export function seriesOf(file: string): string {
  return file.replace(/(_\d+)?\.safetensors$/, "");
}

export function historyBeside(file: string): string {
  return file.replace(/\.safetensors$/, ".json");
}

/**
 * The checkpoint that an option names: one of those that come with the library, or see
 * {@link checkpointAt}. A file or folder of the user's goes before a name of the library's.
 *
 * @throws CommandError for what is neither
 */
export function checkpointNamed(place: string): string {
  if (fs.existsSync(place) || /[./\\]/.test(place)) return checkpointAt(place);
  if (PRETRAINED.includes(place)) return pretrainedFile(place);
  throw new CommandError(
    `There is no file or folder ${path.resolve(place)}, and no network named "${place}" comes with this: there are ${PRETRAINED.join(" and ")}. Give one of these, a checkpoint's file, or the folder that a training wrote to.`,
  );
}

/**
 * The checkpoint that a path means: the file itself, or of a folder the latest. Where trainings of
 * several names share a folder, it is the last of that which wrote most recently.
 *
 * @throws CommandError for a folder without a checkpoint
 */
export function checkpointAt(place: string): string {
  if (!fs.existsSync(place) || !fs.statSync(place).isDirectory()) return place;
  const lastOfEach = new Map(
    listCheckpoints(place).map(({ file }) => [seriesOf(file).replace(/i\d+(_l\d+)?$/, "i"), file]),
  );
  const written = (file: string) => fs.statSync(file).mtimeMs;
  const [newest] = [...lastOfEach.values()].sort((a, b) => written(b) - written(a));
  if (newest !== undefined) return newest;
  throw new CommandError(
    `${path.resolve(place)} holds no checkpoint (files named like checkpoint_1000.safetensors). Train first, with npm run train, or name the folder that a training wrote to.`,
  );
}
