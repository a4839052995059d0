import type { DataFrame } from "danfojs-node";

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
export function keepMembers(frames: DataFrame): void {
  const prototype = frames as unknown as Internals;
  const define = prototype.$setInternalColumnDataProperty;
  prototype.$setInternalColumnDataProperty = function (this: Internals, column?: string): void {
    for (const name of column === undefined ? this.columns : [column]) {
      // The empty name makes danfojs define all columns; it is no name that a property could have.
      if (name !== "" && !(name in this)) define.call(this, name);
    }
  };
}
