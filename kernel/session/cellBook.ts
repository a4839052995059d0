import type { Input } from "./compile/inputs";

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
  /** The names whose cells have run again, or are stale themselves. */
  because: string[];
}

interface Entry extends BookedCell {
  /** The names that it declares, in an order of their own. */
  key: string;
  /** Who had declared its inputs when it ran. */
  sources: Map<string, Entry>;
  /** The next run of the same cell. */
  next?: Entry;
}

/**
 * Which cells use the names of which. It knows the newest run of each cell of the notebook: by the
 * front end's id, or else a cell of the same text, or of the same declarations, is taken for the
 * same. A cell that neither declares names nor uses any, and never did, is not kept: nothing can make
 * it stale, nor it others.
 */
export class CellBook {
  private entries: Entry[] = [];
  private readonly owners = new Map<string, Entry>();

  /** Takes in a cell that has run, in the place of its earlier run. */
  add(cell: BookedCell): void {
    const sources = new Map<string, Entry>();
    for (const { name } of cell.inputs) {
      const owner = this.owners.get(name);
      if (owner) {
        sources.set(name, owner);
      }
    }
    const entry: Entry = { ...cell, sources, key: keyOf(cell) };
    const earlier = this.entries.filter((one) => isSameCell(one, entry));
    if (earlier.length === 0 && sources.size === 0 && cell.declares.length === 0) {
      return;
    }
    for (const other of earlier) {
      other.next = entry;
    }
    this.entries = this.entries.filter(({ next }) => next === undefined);
    this.entries.push(entry);
    for (const name of cell.declares) {
      this.owners.set(name, entry);
    }
  }

  /**
   * The cells whose inputs have changed, each behind those that it depends on: they were declared
   * by a cell that has run again since, or that is stale itself. Where another cell takes over a
   * name, as long notebooks do with `result`, those that used it before are what a run of the whole
   * notebook would make of them.
   */
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
        const now = latest(source);
        // Visited in any case, so that it comes first.
        const isStale = visit(now);
        return now !== entry && (now !== source || isStale) ? [name] : [];
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
   * declares. Where it only takes over the name of another cell, these are the cells whose
   * functions use it: the rest of them has run.
   */
  affectedBy(cell: BookedCell): { cell: BookedCell; input: Input }[] {
    const next = { ...cell, key: keyOf(cell) };
    return this.entries.flatMap((entry) => {
      if (isSameCell(entry, next)) {
        return [];
      }
      const input = entry.inputs.find(({ name, inFunction }) => {
        const source = entry.sources.get(name);
        return (
          cell.declares.includes(name) &&
          source &&
          (inFunction || isSameCell(source, next)) &&
          source.code !== cell.code
        );
      });
      return input ? [{ cell: entry, input }] : [];
    });
  }
}

function latest(entry: Entry): Entry {
  let now = entry;
  while (now.next) {
    now = now.next;
  }
  return now;
}

function keyOf({ declares }: BookedCell): string {
  return [...declares].sort().join();
}

type Compared = Pick<Entry, "id" | "code" | "key">;

function isSameCell(a: Compared, b: Compared): boolean {
  if (a.id !== undefined && b.id !== undefined) {
    return a.id === b.id;
  }
  return a.code === b.code || (a.key !== "" && a.key === b.key);
}
