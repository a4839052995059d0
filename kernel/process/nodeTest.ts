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

/** What node:test hands to a test or a group: among other things it says how that ended. */
interface TestContext {
  passed?: boolean;
}

/** The tests that a cell has declared. */
interface Run {
  /** Settle when tests have ended. */
  ends: PromiseLike<unknown>[];
  /** The errors that tests and hooks have thrown. */
  failed: { name: string; error: unknown }[];
  /** Tests and groups that are to pass. */
  contexts: TestContext[];
  /** Has something failed that is no test: a hook, the body of a group? */
  failedOutside: boolean;
  exitCode: typeof process.exitCode;
}

/**
 * Makes tests of node:test part of the cell that declares them: it ends when they have, it fails
 * when one of them does, and reports place them in its own lines. That a test has failed node:test says
 * in what it hands to the test. (By process.exitCode it says so at once in Node 20 alone, later only
 * when the program ends; and before Node 24.18 a group does not know whether it has passed.)
 */
export class NodeTest {
  private readonly runs = new WeakMap<CellContext, Run>();
  /** Says that the outermost of them has ended. */
  private endGroup = () => {};
  private readonly adapted = new WeakMap<object, unknown>();
  private readonly contextPrototypes = new WeakSet<object>();
  /** Those of tests that are yet to be done: they may fail. */
  private readonly todo = new WeakSet<object>();
  /** Groups whose bodies are running. */
  private depth = 0;
  /** Those of them that are yet to be done. */
  private todoDepth = 0;

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
    const { exitCode } = process;
    process.exitCode = run.exitCode;
    const isFailed = (one: TestContext) => one.passed === false && !this.todo.has(one);
    if (
      (exitCode !== undefined && exitCode !== 0) ||
      run.failedOutside ||
      run.contexts.some(isFailed)
    ) {
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
            ? this.watchGroup(parameters, run, module, isTodo)
            : run && HOOKS.includes(name)
              ? this.watchHook(parameters, run, name)
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
      const { exitCode } = process;
      run = { ends: [], failed: [], contexts: [], failedOutside: false, exitCode };
      process.exitCode = undefined;
      this.runs.set(context, run);
    }
    return run;
  }

  /** The parameters of a test, so that its errors are seen, unless it need not pass. */
  private watchTest(parameters: unknown[], run: Run, isTodo: boolean): unknown[] {
    const mayFail = isTodo || this.todoDepth > 0 || isMarkedTodo(parameters);
    return withBody(parameters, (body) => {
      const name = nameOf(parameters, body);
      const fails = (error: unknown) => void (mayFail || run.failed.push({ name, error }));
      return watched(body, fails, (context) => {
        this.adaptContext(context);
        if (mayFail) {
          this.todo.add(context);
        }
        run.contexts.push(context);
      });
    });
  }

  private watchHook(parameters: unknown[], run: Run, name: string): unknown[] {
    const fails = failingOutside(run, name, this.todoDepth > 0);
    // Behind one that fails no other is called.
    const end = name === "after" && this.depth === 1 ? this.endGroup : () => {};
    return withBody(parameters, (body) =>
      watched(body, (error) => {
        fails(error);
        end();
      }),
    );
  }

  /** A group tells of its end only by its last hook. */
  private watchGroup(
    parameters: unknown[],
    run: Run,
    module: Record<string, Callable>,
    isTodo: boolean,
  ): unknown[] {
    const self = this;
    const mayFail = isTodo || this.todoDepth > 0 || isMarkedTodo(parameters);
    const todo = mayFail ? 1 : 0;
    return withBody(parameters, (body) => {
      const fails = failingOutside(run, nameOf(parameters, body), mayFail);
      return function (this: unknown, ...given: unknown[]) {
        const isOutermost = self.depth === 0;
        const ended = isOutermost
          ? new Promise<void>((resolve) => {
              self.endGroup = resolve;
            })
          : undefined;
        const { endGroup } = self;
        const whenBuilt = () => {
          if (ended) {
            module.after(endGroup);
            run.ends.push(ended);
          }
        };
        self.depth++;
        self.todoDepth += todo;
        try {
          const result = watched(body, fails, (context) => {
            if (!mayFail) {
              run.contexts.push(context);
            }
          }).apply(this, given);
          // One that throws is built no further, and fails.
          return result instanceof Promise ? result.then(whenBuilt) : whenBuilt();
        } finally {
          self.depth--;
          self.todoDepth -= todo;
        }
      };
    });
  }

  /** Has the tests within a test placed, too. */
  private adaptContext(context: object): void {
    const prototype = Object.getPrototypeOf(context);
    if (!prototype || this.contextPrototypes.has(prototype)) {
      return;
    }
    this.contextPrototypes.add(prototype);
    const self = this;
    const { test, todo } = prototype as Partial<Record<string, Callable>>;
    if (typeof test === "function") {
      prototype.test = function (this: object, ...parameters: unknown[]) {
        const run = self.runOf(self.contexts.current);
        const watched = run ? self.watchTest(parameters, run, self.todo.has(this)) : parameters;
        return self.here(test.bind(this))(...watched);
      };
    }
    if (typeof todo === "function") {
      prototype.todo = function (this: object, ...parameters: unknown[]) {
        self.todo.add(this);
        return Reflect.apply(todo, this, parameters);
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

/** Takes the errors of what is no test. */
function failingOutside(run: Run, name: string, mayFail: boolean): (error: unknown) => void {
  return (error) => {
    if (!mayFail) {
      run.failedOutside = true;
      run.failed.push({ name, error });
    }
  };
}

/** A body that says what it is given, and with what error it ends. */
function watched(
  body: Callable,
  fails: (error: unknown) => void,
  begins: (context: object & TestContext) => void = () => {},
): Callable {
  return function (this: unknown, context: unknown, done?: unknown) {
    if (typeof context === "object" && context !== null) {
      begins(context);
    }
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

function isMarkedTodo(parameters: unknown[]): boolean {
  const { todo } = Object(parameters.find((one) => typeof one === "object")) as { todo?: unknown };
  return todo !== undefined && todo !== false;
}

function nameOf(parameters: unknown[], body: Callable): string {
  return String(parameters.find((one) => typeof one === "string") ?? body.name);
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
