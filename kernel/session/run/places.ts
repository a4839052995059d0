/** Where running code finds what a name of the session stands for at the moment: `place[name]`. */
type Place = object;

/** The values of a cell by name, as accessors: its variables as they are at any moment. */
type Accessors = object;

/** What a cell that runs needs in order to reach names and to declare its own. */
export interface PlacesOfCell {
  /** The place of a name. */
  at(name: string): Place;
  /** Declares a cell's names: from now on they stand for its variables. */
  share(accessors: Accessors): void;
  /**
   * What an earlier cell gave a name that this one declares, but has not yet come to.
   * @throws error where there is nothing earlier
   */
  earlier(name: string, error: unknown): unknown;
  /** The same for an assignment. */
  setEarlier(name: string, value: unknown, error: unknown): void;
}

/**
 * The names of a session. Each is one place for all cells, functions, timers and handlers, and
 * leads to the variable of the cell that declared it last.
 *
 * A place is an object that inherits one accessor, which is replaced when the name is declared
 * again. V8 looks through it: a call of a function of another cell is as fast as one within a file,
 * and stays so however often the cell is run again. (Objects with accessors of their own are slow
 * ones, and so is what changes its prototype.)
 */
export class Places {
  private readonly places = new Map<string, Place>();

  at(name: string): Place {
    let place = this.places.get(name);
    if (!place) {
      place = Object.create({});
      this.places.set(name, place as Place);
    }
    return place as Place;
  }

  /** What a name leads to at the moment; undefined where nobody has declared it. */
  accessorOf(name: string): PropertyDescriptor | undefined {
    const place = this.places.get(name);
    return place && Object.getOwnPropertyDescriptor(Object.getPrototypeOf(place), name);
  }

  /** The names that lead to something. */
  names(): string[] {
    return [...this.places.keys()].filter((name) => this.accessorOf(name) !== undefined);
  }

  /** Has a name lead to something from now on. */
  lead(name: string, accessor: PropertyDescriptor): void {
    Object.defineProperty(Object.getPrototypeOf(this.at(name)), name, accessor);
  }

  /** Forgets names that nobody can mention any more. */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      this.places.delete(name);
    }
  }
}

/**
 * The names that one cell declares, while it runs. A name belongs to the earlier cell until this
 * one has come to its declaration, and again if it never does.
 */
export class Declaring implements PlacesOfCell {
  private accessors: Accessors = {};
  private readonly before = new Map<string, PropertyDescriptor>();

  constructor(private readonly places: Places) {}

  at(name: string): Place {
    return this.places.at(name);
  }

  share(accessors: Accessors): void {
    this.accessors = accessors;
    for (const [name, accessor] of Object.entries(Object.getOwnPropertyDescriptors(accessors))) {
      const before = this.places.accessorOf(name);
      if (before) {
        this.before.set(name, before);
      }
      this.places.lead(name, { ...accessor, configurable: true });
    }
  }

  earlier(name: string, error: unknown): unknown {
    const before = this.before.get(name);
    if (!before?.get) {
      throw error;
    }
    return before.get.call(undefined);
  }

  setEarlier(name: string, value: unknown, error: unknown): void {
    const before = this.before.get(name);
    if (!before?.set) {
      throw error;
    }
    before.set.call(undefined, value);
  }

  /** Has the cell got as far as giving a name a value? */
  hasGiven(name: string): boolean {
    const before = this.before.get(name);
    this.before.delete(name);
    try {
      return Reflect.get(this.accessors, name) !== undefined;
    } catch {
      // Declared further down than the cell got.
      return false;
    } finally {
      if (before) {
        this.before.set(name, before);
      }
    }
  }

  /** Gives names back that the cell, which has ended, did not come to declare. */
  giveBack(names: Iterable<string>): void {
    for (const name of names) {
      const before = this.before.get(name);
      if (before) {
        this.places.lead(name, before);
      }
    }
    this.before.clear();
  }
}
