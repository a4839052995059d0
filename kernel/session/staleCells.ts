import { CellBook, type StaleCell } from "./cellBook";
import type { Declaration } from "./compile/declaration";
import type { CellDiagnostic } from "./compile/diagnostics";
import { withoutShebang } from "./compile/parse";
import type { NamedCell } from "./run/runningCells";

/** The cells of a session that have run, and which of them others have overtaken. */
export class StaleCells {
  private readonly book = new CellBook();
  /** The cells to check again after one that has run. */
  private readonly affected = new WeakMap<NamedCell, ReturnType<CellBook["affectedBy"]>>();

  /** @param recheck what would be wrong in an earlier cell, a text by the name of its errors, if it ran again */
  constructor(private readonly recheck: (text: string, name: string) => CellDiagnostic[]) {}

  /**
   * Takes in a cell that has run.
   *
   * @param exists tells of what it declares whether it got that far
   */
  enter(cell: NamedCell, exists: (declaration: Declaration) => boolean): void {
    if (cell.unlisted) {
      return;
    }
    const declares = [...cell.topLevel.declarations.values()].filter(
      (declaration) => !declaration.result && exists(declaration),
    );
    const booked = {
      name: cell.name,
      code: cell.source.original,
      id: cell.id,
      inputs: cell.inputs,
      declares: declares.map(({ name }) => name),
    };
    const affected = this.book.affectedBy(booked);
    if (affected.length > 0) {
      this.affected.set(cell, affected);
    }
    this.book.add(booked);
  }

  /** Each behind those that it depends on. */
  list(): StaleCell[] {
    return this.book.stale().map(({ name, because }) => {
      return { name: name.replace(/\.ts$/, ""), because };
    });
  }

  /** Those that a front end has named, by its ids, each with the names that have changed. */
  byId(): Record<string, string[]> {
    return Object.fromEntries(
      this.book.stale().flatMap(({ id, because }) => (id === undefined ? [] : [[id, because]])),
    );
  }

  /**
   * Runs them again, each behind those that it depends on.
   *
   * @param run runs a cell: its text, how errors call it, and what the front end calls it
   * @throws what the first throws that fails; those behind it are stale still
   */
  async rerun(run: (code: string, name: string, id?: string) => Promise<unknown>): Promise<void> {
    for (const { code, name, id } of this.book.stale()) {
      await run(code, name, id);
    }
  }

  /** A line for each earlier cell that no longer fits what a cell, which has run, has declared. */
  misfits(cell: NamedCell): string[] {
    const affected = this.affected.get(cell) ?? [];
    this.affected.delete(cell);
    return affected.flatMap(({ cell: { code, name }, input }) => {
      const [error] = this.recheck(withoutShebang(code), name);
      if (!error) {
        return [];
      }
      const used = input.type === undefined ? "as a type" : `as ${input.type}`;
      const message = error.message.split("\n", 1)[0].replace(/\.$/, "");
      const place = `${error.file}:${error.line}:${error.column}`;
      return [
        `${name.replace(/\.ts$/, "")} uses ${input.name} ${used}: TS${error.code} ${message} ` +
          `(${place}). Mend it and run it again.`,
      ];
    });
  }
}
