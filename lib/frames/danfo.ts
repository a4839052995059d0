// Decides which TensorFlow danfojs gets; so it comes before danfojs.
import "../host/node/preload.cjs";
import { mendGaps } from "./danfoGaps";
import { mendGroupby } from "./danfoGroupby";
import { keepMembers } from "./danfoMembers";

export type Danfo = typeof import("danfojs-node");

let mended: Danfo | undefined;

/**
 * danfojs, which takes a second to load: only where frames are used. Its frames are mended where they
 * would give wrong numbers without a word: methods that count gaps, and columns that carry the name
 * of a member.
 */
export function danfo(): Danfo {
  if (mended === undefined) {
    const loaded = require("danfojs-node") as Danfo;
    // Its classes for Node extend those that its methods make results of: these are to be mended.
    const frames = ownerOf(loaded.DataFrame.prototype, "sortValues");
    const series = ownerOf(loaded.Series.prototype, "sortValues");
    keepMembers(frames);
    mendGaps(frames, series);
    mendGroupby(frames, loaded);
    mended = loaded;
  }
  return mended;
}

/** The prototype in a chain that has a method itself. */
function ownerOf<T extends object>(prototype: T, method: keyof T): T {
  let owner = prototype;
  while (!Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner) as T;
  return owner;
}
