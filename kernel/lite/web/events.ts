// The part of node:events that cells and packages use.
type Listener = (...parameters: never[]) => void;

/** A listener as it was given, and as it is called. */
interface Entry {
  listener: Listener;
  once: boolean;
}

export class EventEmitter {
  private readonly listeners_ = new Map<string | symbol, Entry[]>();

  private add(event: string | symbol, entry: Entry, first: boolean): this {
    const entries = this.listeners_.get(event) ?? [];
    this.listeners_.set(event, first ? [entry, ...entries] : [...entries, entry]);
    return this;
  }

  on(event: string | symbol, listener: Listener): this {
    return this.add(event, { listener, once: false }, false);
  }

  addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  prependListener(event: string | symbol, listener: Listener): this {
    return this.add(event, { listener, once: false }, true);
  }

  once(event: string | symbol, listener: Listener): this {
    return this.add(event, { listener, once: true }, false);
  }

  off(event: string | symbol, listener: Listener): this {
    const entries = this.listeners_.get(event) ?? [];
    const at = entries.findLastIndex((entry) => entry.listener === listener);
    if (at >= 0) {
      this.listeners_.set(event, entries.toSpliced(at, 1));
    }
    return this;
  }

  removeListener(event: string | symbol, listener: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: string | symbol): this {
    if (event === undefined) {
      this.listeners_.clear();
    } else {
      this.listeners_.delete(event);
    }
    return this;
  }

  /** @returns whether anybody listened. @throws what an `error` says that nobody listens to */
  emit(event: string | symbol, ...parameters: unknown[]): boolean {
    const entries = this.listeners_.get(event) ?? [];
    if (entries.length === 0 && event === "error") {
      throw parameters[0];
    }
    for (const { listener, once } of entries) {
      if (once) {
        this.off(event, listener);
      }
      listener.apply(this, parameters as never[]);
    }
    return entries.length > 0;
  }

  listenerCount(event: string | symbol): number {
    return this.listeners_.get(event)?.length ?? 0;
  }

  listeners(event: string | symbol): Listener[] {
    return (this.listeners_.get(event) ?? []).map(({ listener }) => listener);
  }

  eventNames(): (string | symbol)[] {
    return [...this.listeners_].flatMap(([event, entries]) => (entries.length > 0 ? [event] : []));
  }

  /** Nobody is warned of many listeners here. */
  setMaxListeners(): this {
    return this;
  }
}

// `require("events")` is the class itself in Node.
export default Object.assign(EventEmitter, { EventEmitter });
