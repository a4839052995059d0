import type { Input } from "./compile/compiler";

/** A cell that has run, as far as others may depend on it. */
export interface BookedCell {
  /** How errors call it, as in `cell-12.ts`. */
  name: string;
  code: string;
  /** What the front end calls the cell of the notebook, where it says so. */
  id?: string;
  inputs: readonly Input[];
  /** The names that it declares. */
  declares: readonly string[];
}

/** A cell whose inputs have changed since it ran. */
export interface StaleCell {
  /** How errors call it, as in `cell-12`. */
  name: string;
  /** The names that have been declared again, or whose cells are stale themselves. */
  because: string[];
}

interface Entry extends BookedCell {
  /** Who had declared its inputs when it ran. */
  sources: Map<string, Entry | undefined>;
}

/**
 * Which cells use the names of which. It knows the newest run of each cell of the notebook: by the
 * front end's id, or else a cell of the same text, or of the same declarations, is taken for the
 * same.
 */
export class CellBook {
  private entries: Entry[] = [];
  private readonly owners = new Map<string, Entry>();

  /** Takes in a cell that has run, in the place of its earlier run. */
  add(cell: BookedCell): void {
    const sources = new Map(cell.inputs.map(({ name }) => [name, this.owners.get(name)]));
    const entry: Entry = { ...cell, sources };
    this.entries = this.entries.filter((other) => !isSameCell(other, cell));
    this.entries.push(entry);
    for (const name of cell.declares) {
      this.owners.set(name, entry);
    }
  }

  /** The cells whose inputs have changed, each behind those that it depends on. */
  stale(): (StaleCell & BookedCell)[] {
    const ordered: (StaleCell & BookedCell)[] = [];
    const done = new Map<Entry, boolean>();
    const visit = (entry: Entry): boolean => {
      const known = done.get(entry);
      if (known !== undefined) {
        return known;
      }
      done.set(entry, false);
      const because = [...entry.sources].flatMap(([name, source]) => {
        const owner = this.owners.get(name);
        if (owner === undefined || owner === entry) {
          return [];
        }
        const isOwnerStale = this.entries.includes(owner) && visit(owner);
        return owner !== source || isOwnerStale ? [name] : [];
      });
      if (because.length > 0) {
        done.set(entry, true);
        ordered.push({ ...entry, because });
      }
      return because.length > 0;
    };
    this.entries.forEach(visit);
    return ordered;
  }

  /**
   * The cells to check again when a cell is about to be taken in: those that use a name which it
   * declares. Where it only takes over the name of another cell, as long notebooks do with
   * `result`, these are the cells whose functions use it: the rest of them has run.
   */
  affectedBy(cell: BookedCell): { cell: BookedCell; input: Input }[] {
    return this.entries.flatMap((entry) => {
      if (isSameCell(entry, cell)) {
        return [];
      }
      const input = entry.inputs.find(({ name, inFunction }) => {
        const source = entry.sources.get(name);
        return (
          cell.declares.includes(name) &&
          source !== undefined &&
          (inFunction || isSameCell(source, cell)) &&
          source.code !== cell.code
        );
      });
      return input ? [{ cell: entry, input }] : [];
    });
  }
}

function isSameCell(a: BookedCell, b: BookedCell): boolean {
  if (a.id !== undefined && b.id !== undefined) {
    return a.id === b.id;
  }
  const declares = (cell: BookedCell) => [...cell.declares].sort().join();
  return a.code === b.code || (a.declares.length > 0 && declares(a) === declares(b));
}
