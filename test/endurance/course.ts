import { median } from "../../bench/training/contest";
import { descendantsOf, handlesOf, usageOf } from "../../bench/usage";

/** What was read at one point of a long run. */
export interface Reading {
  /** How many cells, notebooks or steps were done by then. */
  done: number;
  /** The mean of what each took since the reading before, in milliseconds. */
  milliseconds: number;
  /** Memory of the process and all that it started, without what comes from files, in megabytes. */
  memoryMb: number;
  /** Their open files, sockets and pipes. */
  handles: number;
}

/** How many readings a run gives. */
export const READINGS = 40;

/** Reads a process with its descendants. */
export function vitalsOf(pid: number): Pick<Reading, "memoryMb" | "handles"> {
  const pids = [String(pid), ...descendantsOf(String(pid))];
  return { memoryMb: usageOf(pids).anonymous / 1e6, handles: handlesOf(pids) };
}

/** Whether a figure stays as it is. */
export interface Verdict {
  figure: "milliseconds" | "memoryMb" | "handles";
  /** Medians over the second quarter of the run, and over its last quarter. */
  early: number;
  late: number;
  /** The most that `late` may be. */
  limit: number;
  flat: boolean;
}

/**
 * Compares a run's last quarter with its second one; the first one warms up. Something that grows
 * with every cell, notebook or step has grown by half of its whole growth between the two, so what is
 * allowed is what a garbage collector's moods and a shared machine account for.
 */
export function verdictsOn(readings: readonly Reading[]): Verdict[] {
  const quarter = Math.floor(readings.length / 4);
  if (quarter === 0) {
    throw new RangeError(`${readings.length} readings are too few; 4 are needed.`);
  }
  const allowed = {
    milliseconds: (early: number) => 1.25 * early,
    memoryMb: (early: number) => early + Math.max(15, 0.05 * early),
    handles: (early: number) => early + 2,
  };
  return (["milliseconds", "memoryMb", "handles"] as const).map((figure) => {
    const values = readings.map((reading) => reading[figure]);
    const early = median(values.slice(quarter, 2 * quarter));
    const late = median(values.slice(-quarter));
    const limit = allowed[figure](early);
    return { figure, early, late, limit, flat: late <= limit };
  });
}
