// Decides which TensorFlow danfojs gets; so it comes before danfojs.
import "../../backend/preload.cjs";
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
    keepMembers(loaded);
    mendGaps(loaded);
    mendGroupby(loaded);
    mended = loaded;
  }
  return mended;
}
