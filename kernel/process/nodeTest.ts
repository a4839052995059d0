import vm from "node:vm";
import type { Session } from "../session/session";
import type { CellContext, Contexts } from "./contexts";
import { nextTurn } from "./rawTimers";

type Callable = (...parameters: unknown[]) => unknown;

/** The functions of node:test that declare tests and groups of them. */
const TESTS = ["test", "it"];
const GROUPS = ["describe", "suite"];
const HOOKS = ["before", "after", "beforeEach", "afterEach"];
const VARIANTS = ["skip", "todo", "only", "expectFailure"];

/** What a cell fails with of which a test failed. */
export class TestFailure extends Error {
  override readonly name = "TestFailure";
}

/** The tests that a cell has declared. */
interface Run {
  /** Settle when tests have ended. */
  ends: PromiseLike<unknown>[];
  failed: { name: string; error: unknown }[];
  exitCode: typeof process.exitCode;
}

/**
 * Makes tests of node:test part of the cell that declares them: it ends when they have, it fails
 * when one of them does, and reports place them in its own lines. As in any program, node:test says
 * by process.exitCode that a test has failed.
 */
export class NodeTest {
  private readonly runs = new WeakMap<CellContext, Run>();
  private readonly adapted = new WeakMap<object, unknown>();
  private readonly contextPrototypes = new WeakSet<object>();
  /** Groups whose bodies are running. */
  private depth = 0;

  constructor(
    private readonly contexts: Contexts,
    private readonly session: () => Session,
  ) {
    // The kernel is nobody's test file, whoever has started it: reports are for its user.
    delete process.env.NODE_TEST_CONTEXT;
  }

  /** The module node:test, as cells and the user's modules see it. */
  adapt(module: unknown): unknown {
    return this.adaptFunction(module as Callable, "test", module as Record<string, Callable>);
  }

  /**
   * Waits for the tests that a cell has declared.
   * @throws TestFailure where one has failed
   */
  async finish(context: CellContext): Promise<void> {
    const run = this.runs.get(context);
    if (!run) {
      return;
    }
    for (let known = -1; known < run.ends.length; ) {
      known = run.ends.length;
      await Promise.race([Promise.all(run.ends), context.failed]);
      // The report is made when the last hook has ended.
      await new Promise<void>(nextTurn);
    }
    this.runs.delete(context);
    const failed = process.exitCode !== undefined && process.exitCode !== 0;
    process.exitCode = run.exitCode;
    if (failed) {
      throw failureOf(run);
    }
  }

  private adaptFunction(
    original: Callable,
    name: string,
    module: Record<string, Callable>,
    isTodo = false,
  ): unknown {
    const known = this.adapted.get(original);
    if (known) {
      return known;
    }
    const isGroup = GROUPS.includes(name);
    const isTest = TESTS.includes(name);
    const adapted = (...parameters: unknown[]) => {
      const run = this.runOf(this.contexts.current);
      const watched =
        run && isTest
          ? this.watchTest(parameters, run, isTodo)
          : run && isGroup
            ? withBody(parameters, (body) => this.groupBody(body, run, module))
            : parameters;
      const ended = this.here(original)(...watched);
      if (isTest && this.depth === 0) {
        // Not the promise itself: stacks of errors behind it would end in what waits for it here.
        run?.ends.push(
          new Promise<void>((resolve) => Promise.resolve(ended).then(() => resolve())),
        );
      }
      return ended;
    };
    this.adapted.set(original, adapted);
    const properties = Object.getOwnPropertyDescriptors(original);
    for (const [key, property] of Object.entries(properties)) {
      const { value } = property;
      const kind = VARIANTS.includes(key) ? name : key;
      if (typeof value === "function" && [...TESTS, ...GROUPS, ...HOOKS].includes(kind)) {
        property.value = this.adaptFunction(value, kind, module, key === "todo");
      }
    }
    return Object.defineProperties(adapted, properties);
  }

  private runOf(context: CellContext | undefined): Run | undefined {
    if (!context || context.finished) {
      return undefined;
    }
    let run = this.runs.get(context);
    if (!run) {
      run = { ends: [], failed: [], exitCode: process.exitCode };
      process.exitCode = undefined;
      this.runs.set(context, run);
    }
    return run;
  }

  /** The parameters of a test, so that its errors are seen, unless it need not pass. */
  private watchTest(parameters: unknown[], run: Run, isTodo = false): unknown[] {
    const { todo } = Object(parameters.find((one) => typeof one === "object")) as {
      todo?: unknown;
    };
    const given = parameters.find((one) => typeof one === "string");
    return withBody(parameters, (body) =>
      this.testBody(body, isTodo || todo ? undefined : run, String(given ?? body.name)),
    );
  }

  private testBody(body: Callable, run: Run | undefined, name: string): Callable {
    const self = this;
    const fails = (error: unknown) => void run?.failed.push({ name, error });
    return function (this: unknown, context: unknown, done?: unknown) {
      self.adaptContext(context);
      const callback =
        typeof done === "function" &&
        ((error?: unknown) => {
          if (error) {
            fails(error);
          }
          return done(error);
        });
      try {
        const result = Reflect.apply(body, this, callback ? [context, callback] : [context]);
        if (result instanceof Promise) {
          result.catch(fails);
        }
        return result;
      } catch (error) {
        fails(error);
        throw error;
      }
    };
  }

  /** A group tells of its end only by its last hook. */
  private groupBody(body: Callable, run: Run, module: Record<string, Callable>): Callable {
    const self = this;
    return function (this: unknown, ...parameters: unknown[]) {
      const isOutermost = self.depth === 0;
      self.depth++;
      const whenBuilt = () => {
        if (isOutermost) {
          run.ends.push(new Promise<void>((resolve) => module.after(() => resolve())));
        }
      };
      try {
        const result = Reflect.apply(body, this, parameters);
        // One that throws is built no further, and fails.
        return result instanceof Promise ? result.then(whenBuilt) : whenBuilt();
      } finally {
        self.depth--;
      }
    };
  }

  /** Has the tests within a test placed, too. */
  private adaptContext(context: unknown): void {
    const prototype = context && Object.getPrototypeOf(context);
    if (!prototype || this.contextPrototypes.has(prototype)) {
      return;
    }
    this.contextPrototypes.add(prototype);
    const { test } = prototype as { test?: Callable };
    if (typeof test === "function") {
      const self = this;
      prototype.test = function (this: unknown, ...parameters: unknown[]) {
        const run = self.runOf(self.contexts.current);
        const watched = run ? self.watchTest(parameters, run) : parameters;
        return self.here(test.bind(this))(...watched);
      };
    }
  }

  /**
   * A function that calls another from the place in the user's text that this is called from:
   * node:test takes the place of a test from its caller.
   */
  private here(called: Callable): Callable {
    const session = this.session();
    const stack = session.whileMapping(() => String(new Error().stack));
    const place = session.placeOf(session.mapStack(stack));
    if (!place) {
      return called;
    }
    const head = "(function __cell_here(f, a) { return ";
    const call = vm.runInThisContext(`${head}f(...a); })`, {
      filename: session.pathOf(place),
      lineOffset: place.line - 1,
      columnOffset: place.column - 1 - head.length,
    }) as (called: Callable, parameters: unknown[]) => unknown;
    return (...parameters) => call(called, parameters);
  }
}

/** Parameters with something in the place of the function among them. */
function withBody(parameters: unknown[], make: (body: Callable) => Callable): unknown[] {
  return parameters.map((body) =>
    typeof body === "function"
      ? // From these node:test sees its name, and whether it takes a callback.
        Object.defineProperties(make(body as Callable), {
          name: { value: body.name },
          length: { value: body.length },
        })
      : body,
  );
}

/** Its stack is that of the first error, so that the place of that is shown. */
function failureOf({ failed }: Run): TestFailure {
  const [first] = failed;
  const names = failed.map(({ name }) => JSON.stringify(name)).join(", ");
  const failure = new TestFailure(
    failed.length === 0
      ? "A test failed. The report above says which, and why."
      : `${failed.length === 1 ? "A test" : `${failed.length} tests`} failed: ${names}.`,
    first && { cause: first.error },
  );
  const stack = String((first?.error as Error | undefined)?.stack ?? "");
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  failure.stack = [`${failure.name}: ${failure.message}`, ...frames].join("\n");
  return failure;
}
