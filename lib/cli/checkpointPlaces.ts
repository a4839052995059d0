import fs from "node:fs";
import * as path from "node:path";
import { listCheckpoints } from "../checkpoints/checkpointFiles";
import { host } from "../host/host";
import { hold } from "../host/node/lock";
import { PRETRAINED, pretrainedFile } from "../models/pretrained";
import { CommandError } from "./exit";
import { DEFAULT_FOLDER } from "./options";
import { callOf } from "./terminal";

/** The name of a training's checkpoints where the user may have named only their folder. */
export function checkpointsNamed(name: string): string {
  const isFolder = /[\\/]$/.test(name) || (fs.existsSync(name) && fs.statSync(name).isDirectory());
  return isFolder ? path.join(name, "checkpoint") : name;
}

/** The name that a checkpoint file shares with the others of its training. */
export function nameOfSeries(file: string): string {
  return file.replace(/(_\d+)?\.safetensors$/, "");
}

/**
 * Moves what an earlier training left under a name into a folder `earlier-1`, `earlier-2`, ..., so that
 * neither is mistaken for the other, nor lost.
 *
 * @param name a path without step and extension, such as `cv/checkpoint`
 * @returns the folder; undefined where there was nothing
 */
export function moveEarlierAside(name: string): string | undefined {
  const folder = path.dirname(name);
  const base = path.basename(name);
  const own = fs.readdirSync(folder).filter((entry) => {
    const rest = entry.startsWith(base) ? entry.slice(base.length) : "";
    return /^_\d+\.(safetensors|json)$/.test(rest);
  });
  if (own.length === 0) {
    return undefined;
  }
  let number = 1;
  while (fs.existsSync(path.join(folder, `earlier-${number}`))) {
    number++;
  }
  const aside = path.join(folder, `earlier-${number}`);
  fs.mkdirSync(aside);
  for (const entry of own) {
    fs.renameSync(path.join(folder, entry), path.join(aside, entry));
  }
  return aside;
}

/**
 * The checkpoint that an option names: one of those that come with the library, the file itself, or of a
 * folder the latest. A file or folder of the user's goes before a name of the library's.
 *
 * @throws CommandError for what is neither, and a folder without a checkpoint
 */
export function checkpointNamed(place: string): string {
  if (fs.existsSync(place) || /[./\\]/.test(place)) {
    return checkpointAt(place);
  }
  if (PRETRAINED.includes(place)) {
    return pretrainedFile(place);
  }
  throw new CommandError(
    `There is no file or folder ${path.resolve(place)}, and no network named "${place}" comes with this: there are ${PRETRAINED.join(" and ")}. Give one of these, a checkpoint's file, or the folder that a training wrote to.`,
  );
}

/** Where trainings of several names share a folder, it is the last of that which wrote most recently. */
function checkpointAt(place: string): string {
  if (!fs.existsSync(place) || !fs.statSync(place).isDirectory()) {
    return place;
  }
  const lastOfEach = new Map(
    listCheckpoints(place).map(({ file }) => [
      nameOfSeries(file).replace(/i\d+(_l\d+)?$/, "i"),
      file,
    ]),
  );
  const written = (file: string) => fs.statSync(file).mtimeMs;
  const [newest] = [...lastOfEach.values()].sort((a, b) => written(b) - written(a));
  if (newest !== undefined) {
    return newest;
  }
  throw new CommandError(
    `${path.resolve(place)} holds no checkpoint (files named like checkpoint_1000.safetensors). Train first, with ${callOf("train")}, or name the folder that a training wrote to.`,
  );
}

/**
 * The file that --checkpoint means; without it one that is named on stderr.
 *
 * @param doing what becomes of it, at the beginning of a sentence: "Sampling from"
 * @throws CommandError for what is no checkpoint
 */
export function chosenCheckpoint(place: string | undefined, doing: string): string {
  if (place !== undefined) {
    return checkpointNamed(place);
  }
  if (listCheckpoints(DEFAULT_FOLDER).length > 0) {
    const latest = checkpointAt(DEFAULT_FOLDER);
    console.error(`${doing} ${latest}, the latest checkpoint; --checkpoint names another.`);
    return latest;
  }
  console.error(
    `${doing} ${PRETRAINED[0]}, a network that comes with this; --checkpoint names another.`,
  );
  return pretrainedFile(PRETRAINED[0]);
}

/**
 * Keeps other trainings from writing checkpoints of the same name, by a file `<name>.lock`.
 *
 * @param name the checkpoints' name, such as `cv/checkpoint`
 * @returns what gives the lock back
 * @throws CommandError naming the process that holds it
 */
export function lockCheckpoints(name: string): () => void {
  // Says in clear words what is wrong with a folder, and makes it where missing.
  const probe = `${name}.lock.try`;
  host.store.write(probe, "");
  host.store.remove(probe);
  const held = hold(name);
  if (typeof held === "function") {
    return held;
  }
  const where = held.machine === undefined ? "" : ` on the machine ${held.machine}`;
  throw new CommandError(
    `Another training, process ${held.pid}${where}, writes checkpoints named ${name} at this moment. Wait for it, ` +
      `stop it, or choose another --checkpoint-name. (If there is no such process, delete ${path.resolve(`${name}.lock`)}.)`,
  );
}
