import { allOwners, type Declaration, OWNED, type Owners, ownersAfter } from "./declaration";
import type { TopLevel } from "./declarations";
import { cellModule, SESSION_MODULE } from "./resolution";
import { exportedName, isSplit, type SessionName, splitName } from "./splitName";
import type { Workspace } from "./workspace";

interface Cell {
  uses: Set<number>;
  importsModules: boolean;
  augments: boolean;
}

/** How many results can be reached by their numbers, which keeps them in memory: the latest. */
const RESULTS = 50;

/** How many cells the compiler knows of beforehand, and how many more when they are used up. */
const CAPACITY = 64;

/**
 * The names that cells have declared so far, and the texts that let the next cell see them.
 *
 * For the checker there is one module, the session, that exports all that cells export. The third
 * cell exports its `x` a second time, as `x$3`; a later one begins with
 * `import {x$3 as x} from "cell:session"`. What a cell sees thus never changes, even where a later
 * cell declares the same name with another type; nor does the session's text, however many names there
 * are. Running code finds names by their places; see run/places.ts.
 */
export class Scope {
  private readonly names = new Map<string, Owners<SessionName>>();
  private readonly cells = new Map<number, Cell>();
  private capacity = 0;
  /** Numbers of cells that nothing can reach any more. */
  private free: number[] = [];
  private next = 1;
  /** Grows whenever names change. */
  version = 0;

  /**
   * @param workspace where the texts go
   * @param options `keepsAll`: cells that nothing can reach keep their numbers. Default: false, so that a
   *   session may have any number of cells
   */
  constructor(
    private readonly workspace: Pick<Workspace, "resolution" | "setText">,
    private readonly options: { keepsAll?: boolean } = {},
  ) {
    this.grow(CAPACITY);
  }

  /** The number that the next cell will have. */
  get nextNumber(): number {
    return this.free[0] ?? this.next;
  }

  /** Takes the next number for a cell that is going to run; texts placed from now on get another. */
  reserve(): number {
    const number = this.free.shift() ?? this.next++;
    if (this.next > this.capacity) {
      this.grow(this.capacity + CAPACITY);
    }
    return number;
  }

  /** What gives a name its value, if it has one. */
  find(name: string): SessionName | undefined {
    return this.names.get(name)?.value;
  }

  /** All names, for those who list what a session holds. */
  list(): string[] {
    return [...this.names.keys()];
  }

  /**
   * The import of earlier names for a text that mentions `used` and declares its own.
   *
   * @param assigned those of them that the text assigns to: what is imported cannot be assigned to,
   *   so they become variables of the same type
   */
  checkHeader(
    used: Iterable<string>,
    own: TopLevel,
    assigned = new Set<string>(),
  ): { header: string; uses: Set<number> } {
    const uses = new Set<number>();
    const parts: string[] = [];
    let rest = "";
    for (const [name, owners] of this.visible(used, own)) {
      const all = allOwners(owners);
      for (const { cell } of all) {
        uses.add(cell);
      }
      if (isSplit(owners) || own.declarations.has(name) || assigned.has(name)) {
        const local = own.declarations.get(name)?.meanings;
        const split = splitName(name, owners, { assigned: assigned.has(name), local });
        parts.push(...split.imports);
        rest += split.declarations;
      } else {
        parts.push(`${exportedName(name, all[0].cell)} as ${name}`);
      }
    }
    return { header: `import {${parts.join(",")}} from "${SESSION_MODULE}";${rest}`, uses };
  }

  /**
   * Re-exports what a cell imports, exports what is not marked so in its text, and makes it a module
   * in any case. A variable whose type the compiler followed through the cell gets the type that it
   * has at the end; any, where nothing was put into it yet.
   *
   * @param number of the cell, which says to the session what it exports
   * @param results the names of its result, if it has one
   */
  checkFooter(
    number: number,
    { declarations, exportList, evolving }: TopLevel,
    results: readonly string[] = [],
  ): string {
    const followed = evolving.flatMap(({ names }) => names);
    const exported = [...declarations.values()]
      .filter(({ imported }) => imported)
      .map(({ name }) => name)
      .concat(exportList.filter((name) => !followed.includes(name)))
      .concat(evolving.flatMap(({ others }) => others));
    let types = "";
    for (const name of followed) {
      types += ` declare const __cell_${name}: [typeof ${name}] extends [null | undefined] ? any : typeof ${name};`;
      exported.push(`__cell_${name} as ${name}`);
    }
    // From itself: one of its declarations may stand beside a part of the name that is another cell's.
    const again = [...declarations.keys(), ...results].map(
      (name) => `${name} as ${exportedName(name, number)}`,
    );
    return `\n${types}export {${exported.join(",")}};export {${again.join(",")}} from "${cellModule(number)}";`;
  }

  /** The names of a text's own namespaces that extend a class or function of an earlier cell. */
  mergedNames(own: TopLevel): string[] {
    return [...this.visible(own.declarations.keys(), own)].flatMap(([name, { merged }]) =>
      merged && own.declarations.get(name)?.meanings.value ? [name] : [],
    );
  }

  /**
   * Takes over what a cell declared.
   *
   * @param exists did the cell get as far as giving this name its value?
   * @returns the names of results that can no longer be reached
   */
  commit(
    number: number,
    { topLevel, uses }: { topLevel: TopLevel; uses: Set<number> },
    exists: (declaration: Declaration) => boolean,
  ): string[] {
    this.version++;
    const declarations = [...topLevel.declarations.values()];
    for (const declaration of declarations.filter(exists)) {
      const { name } = declaration;
      const owners = ownersAfter(this.names.get(name) ?? {}, { ...declaration, cell: number });
      // The newest come last.
      this.names.delete(name);
      this.names.set(name, owners);
    }
    const forgotten = this.forgetResults();
    this.cells.set(number, {
      uses,
      importsModules: topLevel.imports.length > 0 || declarations.some((d) => d.imported),
      augments: topLevel.augments,
    });
    if (!this.options.keepsAll) {
      this.prune();
    }
    return forgotten;
  }

  /** The earlier owners of the names that a text uses, as far as it does not declare them itself. */
  private *visible(used: Iterable<string>, own: TopLevel): Iterable<[string, Owners<SessionName>]> {
    for (const name of used) {
      const known = this.names.get(name);
      const declared = own.declarations.get(name);
      if (known && !declared) {
        yield [name, known];
      } else if (known && declared && !declared.imported) {
        const after = ownersAfter(known, { ...declared, cell: 0 });
        const earlier = Object.entries(after).filter(([, owner]) => owner.cell !== 0);
        if (earlier.length > 0) {
          yield [name, Object.fromEntries(earlier)];
        }
      }
    }
  }

  /** Empties the cells that nothing can reach. */
  private prune(): void {
    const needed = new Set<number>();
    const visit = (number: number) => {
      if (!needed.has(number)) {
        needed.add(number);
        this.cells.get(number)?.uses.forEach(visit);
      }
    };
    for (const owners of this.names.values()) {
      for (const part of OWNED) {
        const owner = owners[part];
        if (owner) {
          visit(owner.cell);
        }
      }
    }
    for (const [number, cell] of this.cells) {
      // Cells that import modules keep the modules' types loaded, which saves much time.
      if (!needed.has(number) && !cell.importsModules && !cell.augments) {
        this.cells.delete(number);
        this.free.push(number);
        this.writePlaceholder(number);
      }
    }
  }

  private forgetResults(): string[] {
    const results = [...this.names].filter(([, { value }]) => value?.result);
    const forgotten = results.slice(0, -RESULTS).map(([name]) => name);
    for (const name of forgotten) {
      this.names.delete(name);
    }
    return forgotten;
  }

  private grow(capacity: number): void {
    for (let number = this.capacity + 1; number <= capacity; number++) {
      this.writePlaceholder(number);
    }
    this.capacity = capacity;
    let session = "";
    for (let number = 1; number <= capacity; number++) {
      session += `export * from "${cellModule(number)}";\n`;
    }
    this.workspace.setText(this.workspace.resolution.sessionFile, session);
  }

  private writePlaceholder(number: number): void {
    this.workspace.setText(
      this.workspace.resolution.cellFile(number),
      `import {} from "${SESSION_MODULE}";\nexport {} from "${cellModule(number)}";`,
    );
  }
}
