import { mayQuoteCode, plainMessage } from "./engineTexts";
import { areWithin, asAwaiting, awaitStart, foreignCalls } from "./foreignStacks";
import { FrameMapper } from "./frames";

/**
 * Rewrites stack traces in terms of the texts that the user wrote, and leaves out the frames that
 * are not theirs. It works when a stack is taken, so code that prints an error's `stack` sees the
 * right lines too.
 */
export class StackMapper extends FrameMapper {
  /** How code wants stacks to be made, where it does. */
  private own: typeof Error.prepareStackTrace | undefined = undefined;
  private readonly prepare = (error: Error, sites: NodeJS.CallSite[]): string => {
    const [site] = sites;
    if (site && mayQuoteCode(this.host.engine, error)) {
      // Code that `eval` runs has a name of its own and no file.
      const file = site.getFileName() ?? site.getScriptNameOrSourceURL() ?? "";
      this.quoteUser(error, file, site.getLineNumber(), site.getColumnNumber());
    }
    const frames = sites.flatMap((site) => {
      const frame = `    at ${site}`;
      const path = site.getFileName() ?? undefined;
      return this.isHidden(frame, path) ? [] : [this.mapFrame(frame, path)];
    });
    return [this.headerOf(error), ...frames].join("\n");
  };
  /** The same for stacks of other engines. */
  private readonly write = (error: unknown, calls: string, awaits: readonly string[]): string => {
    const frames = foreignCalls(calls);
    const [place] = frames.length > 0 ? this.placesIn(frames[0]) : [];
    if (place && mayQuoteCode(this.host.engine, error)) {
      this.quoteUser(error, place.path, place.line, place.column);
    }
    const isShown = (frame: string) => !this.isHidden(frame);
    const awaiting = awaits.flatMap((each) => {
      const there = foreignCalls(each);
      const from = there.findIndex(isShown);
      return from < 0 || areWithin(frames, there.slice(from)) ? [] : [there[from]];
    });
    return [
      this.headerOf(error),
      ...frames.filter(isShown).map((frame) => this.mapFrame(frame)),
      ...awaiting.map((frame) => asAwaiting(this.mapFrame(frame, undefined, awaitStart))),
    ].join("\n");
  };

  /** Has stacks mapped as the engine takes them, for this whole thread. */
  install(): void {
    const { stacks } = this.host.engine;
    if (stacks) {
      stacks.watch(this.write);
      return;
    }
    // Code may have stacks made in its own way. When it sets that back to nothing, it gets ours.
    Object.defineProperty(Error, "prepareStackTrace", {
      configurable: true,
      get: () => this.own ?? this.prepare,
      set: (own) => {
        this.own = own === this.prepare ? undefined : (own ?? undefined);
      },
    });
  }

  /** Looks at errors with stacks mapped, whatever code has made of that in the meantime. */
  during<T>(look: () => T): T {
    if (this.host.engine.stacks) {
      this.install();
      return look();
    }
    const own = Object.hasOwn(Error, "prepareStackTrace") ? this.own : undefined;
    this.install();
    this.own = undefined;
    try {
      return look();
    } finally {
      this.own = own;
    }
  }

  /**
   * The first line of a stack, as the platform writes it. It is not what the error's own `toString`
   * gives: that of a class may leave out the name, and objects without one get a header too.
   *
   * @throws as the platform does when the stack is read of an error whose name is no text
   */
  private headerOf(error: unknown): string {
    const code = this.host.engine.codeOf(error);
    if (code !== undefined) {
      const { name, message } = error as Error;
      return `${name} [${code}]: ${message}`;
    }
    return Error.prototype.toString.call(error);
  }

  /** Puts an error's message in terms of the user's text, as is done whenever its stack is read. */
  putPlainly(error: unknown): void {
    try {
      this.host.engine.stacks?.rewrite(error);
      void (mayQuoteCode(this.host.engine, error) && error.stack);
      if (this.host.engine.isError(error) && error instanceof AggregateError) {
        for (const each of error.errors) {
          this.putPlainly(each);
        }
      }
    } catch {
      // How code has stacks made may fail; the message stays as it is.
    }
  }

  /** The same for all errors in what `Promise.allSettled` gave, which is given back. */
  putOutcomesPlainly<T>(outcomes: T): T {
    if (Array.isArray(outcomes)) {
      for (const outcome of outcomes) {
        this.putPlainly(Object.getOwnPropertyDescriptor(Object(outcome), "reason")?.value);
      }
    }
    return outcomes;
  }

  /** Puts a message in which the engine quotes emitted code in terms of the user's. */
  private quoteUser(
    error: TypeError,
    file: string,
    line: number | null,
    column: number | null,
  ): void {
    const known = this.find(file);
    if (known && line !== null && column !== null) {
      const { javascript, edited, original } = known.source;
      const at = known.text.originalOffset(line, column) ?? original.length;
      const [before, place] = [original.slice(0, at), original.slice(at)];
      error.message = plainMessage(error.message, { javascript, edited, before, place });
    }
  }
}
