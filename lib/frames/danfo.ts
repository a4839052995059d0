import * as danfojs from "danfojs-node";
import { mendGaps } from "./danfoGaps";
import { mendGroupby } from "./danfoGroupby";
import { mendStatistics } from "./danfoStatistics";

/**
 * danfojs's frames, mended where they would give wrong numbers without a word: methods that count gaps,
 * statistics of few values, and columns that carry the name of a member.
 */
export { DataFrame } from "danfojs-node";

// Its classes for Node extend those that its methods make results of: these are mended, and as soon as
// this library's frames are imported, so that a frame that a program makes itself is right as well.
const frames = ownerOf(danfojs.DataFrame.prototype, "sortValues");
const series = ownerOf(danfojs.Series.prototype, "sortValues");
keepMembers(frames);
mendGaps(frames, series);
mendStatistics(frames, series, danfojs);
mendGroupby(frames, danfojs);

/** The prototype in a chain that has a method itself. */
function ownerOf<T extends object>(prototype: T, method: keyof T): T {
  let owner = prototype;
  while (!Object.hasOwn(owner, method)) {
    owner = Object.getPrototypeOf(owner) as T;
  }
  return owner;
}

interface Internals {
  columns: string[];
  $setInternalColumnDataProperty(column?: string): void;
}

/**
 * danfojs makes a property of every column, so that `frame["weight"]` is the series of the weights.
 * A column named `index`, `shape`, `mean` or `copy` would take the place of what danfojs itself needs:
 * the frame would no longer know its own rows. Such names are left to danfojs, and their columns are
 * reached by `frame.column("index")`.
 */
function keepMembers(frames: danfojs.DataFrame): void {
  const prototype = frames as unknown as Internals;
  const define = prototype.$setInternalColumnDataProperty;
  prototype.$setInternalColumnDataProperty = function (this: Internals, column?: string): void {
    for (const name of column === undefined ? this.columns : [column]) {
      // The empty name makes danfojs define all columns; it is no name that a property could have.
      if (name !== "" && !(name in this)) {
        define.call(this, name);
      }
    }
  };
}
