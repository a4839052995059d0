import type { ExecuteRequest, Outcome } from "../channel";
import { PHASE, SHARED } from "../channel";
import { bundleOf, hasForms } from "../display/bundle";
import { isDisplayHandle } from "../display/display";
import { usingCompiler } from "../session/compile/compilerUse";
import type { NamedCell } from "../session/run/runningCells";
import type { Session } from "../session/session";
import { ConsoleGroups } from "./consoleGroups";
import { CellContext, type Contexts } from "./contexts";
import { describeError } from "./errors";
import { nameAskedAbout, page } from "./help";
import { asJson, type Link } from "./link";
import { nextTurn } from "./rawTimers";
import { createRuntime, type Trampoline } from "./runtime";

/** Of a cell that is the first to use asynchronous hooks: see hooks.ts. */
const USES_HOOKS = /\bAsync(?:LocalStorage|Resource)\b|\bcreateHook\b|\bnode:test\b/;

/** What an executor asks of the rest of the kernel. */
interface Surroundings {
  /** Resolves when a cell whose code has ended has nothing more to wait for; rejects if it fails. */
  ended: (context: CellContext) => Promise<void>;
  /** Hears of every cell that has run, before front ends do. */
  changed: () => void;
  /** What the first cell that may say something says beside its own output. */
  note?: string;
  /** Does a debugger follow the code? */
  debugging(): boolean;
}

/** Runs cells, one at a time in each shell, and says how each of them ended. */
export class Executor {
  private readonly groups = new ConsoleGroups();

  constructor(
    private readonly link: Link,
    private readonly contexts: Contexts,
    private readonly shared: Int32Array,
    private readonly trampoline: Trampoline,
    private readonly session: () => Session,
    private readonly surroundings: Surroundings,
  ) {
    this.groups.install();
  }

  async execute(request: ExecuteRequest): Promise<void> {
    const { id, code, count, silent, allowStdin, notebookCell, aside } = request;
    this.link.send({ type: "started", id });
    const context = new CellContext(id, count, silent, allowStdin, notebookCell, code);
    if (this.contexts.allRunning.length === 0) {
      Atomics.store(this.shared, SHARED.stop, 0);
    }
    this.contexts.begin(context, aside);
    const { note } = this.surroundings;
    if (note !== undefined && !silent) {
      this.link.stream("stderr", `${note}\n`, context);
      this.surroundings.note = undefined;
    }
    const groups = this.groups.open;
    let outcome: Outcome;
    try {
      outcome = await this.outcomeOf(request, context);
    } catch (error) {
      outcome = { status: "error", error: describeError(error, this.session()) };
      this.groups.closeTo(groups);
    }
    this.surroundings.changed();
    this.contexts.end(context);
    this.link.send({ type: "done", id, outcome });
  }

  private async outcomeOf(request: ExecuteRequest, context: CellContext): Promise<Outcome> {
    const session = this.session();
    const question = nameAskedAbout(request.code);
    if (question !== undefined) {
      const payload = [this.inCompiler(() => page(session, question))];
      return { status: "ok", payload, userExpressions: {} };
    }
    const name = request.storeHistory ? `cell-${request.count}.ts` : "cell.ts";
    const options = {
      everyLoop: this.needsFlags(request.code),
      debugging: this.surroundings.debugging(),
      id: request.notebookCell,
      unlisted: !request.storeHistory,
    };
    const cell = this.inCompiler(() => session.compile(request.code, name, options));
    context.check();
    const runtime = createRuntime(this.shared, this.contexts, this.trampoline, context);
    const { hasValue, value } = await session.run(cell, runtime);
    this.showMisfits(cell, context);
    // Rejections that nobody handles are reported when the present turn has ended.
    await new Promise<void>(nextTurn);
    await this.surroundings.ended(context);
    context.check();
    const own = <T>(promise: Promise<T>) => Promise.race([promise, context.failed]);
    const shown = hasValue && value !== undefined && !isDisplayHandle(value) && !request.silent;
    this.contexts.enter(context);
    const bundle = shown ? await own(Promise.resolve(bundleOf(value))) : {};
    return {
      status: "ok",
      result: hasForms(bundle) ? { data: asJson(bundle), metadata: {} } : undefined,
      userExpressions: await own(this.evaluate(request.userExpressions, context)),
    };
  }

  /** Can such code be stopped only by a flag that its loops look at? */
  private needsFlags(code: string): boolean {
    return Atomics.load(this.shared, SHARED.fragile) !== 0 || USES_HOOKS.test(code);
  }

  /** Says which earlier cells no longer fit what a cell has declared again, for people to mend. */
  private showMisfits(cell: NamedCell, context: CellContext): void {
    if (!context.silent) {
      for (const line of this.inCompiler(() => this.session().misfits(cell))) {
        const html = `<div style="opacity: 0.7">${escaped(line)}</div>`;
        const data = { "text/plain": line, "text/html": html };
        this.link.publish("display_data", { data, metadata: {}, transient: {} }, context);
      }
    }
  }

  /**
   * Runs the cells whose inputs have changed, as parts of the running cell, and shows their results
   * in it.
   *
   * @throws what the first throws that fails
   */
  async runStale(show: (value: unknown) => void): Promise<void> {
    const session = this.session();
    const context = this.contexts.current;
    await session.runStale(async (code, name, id) => {
      context?.check();
      const cell = this.inCompiler(() =>
        session.compile(code, name, {
          id,
          everyLoop: this.needsFlags(code),
          debugging: this.surroundings.debugging(),
        }),
      );
      const runtime = createRuntime(this.shared, this.contexts, this.trampoline, context);
      const { hasValue, value } = await session.run(cell, runtime);
      if (hasValue && value !== undefined && !isDisplayHandle(value)) {
        show(value);
      }
    });
  }

  /** Expressions that the client wants the values of, each in a cell of its own that adds nothing. */
  private async evaluate(
    expressions: Record<string, string>,
    context: CellContext,
  ): Promise<Record<string, unknown>> {
    const session = this.session();
    const results: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(expressions)) {
      try {
        const cell = this.inCompiler(() =>
          session.compile(`(${expression}\n)`, "expression.ts", {
            unlisted: true,
            everyLoop: this.needsFlags(expression),
          }),
        );
        const runtime = createRuntime(this.shared, this.contexts, this.trampoline, context);
        const { value } = await session.run(cell, runtime);
        results[name] = { status: "ok", data: asJson(await bundleOf(value)), metadata: {} };
      } catch (error) {
        results[name] = { status: "error", ...describeError(error, session) };
      }
    }
    return results;
  }

  /** Terminating the compiler would leave it broken: the front waits while this runs. */
  inCompiler<T>(work: () => T): T {
    Atomics.store(this.shared, SHARED.phase, PHASE.compiler);
    try {
      return usingCompiler(work);
    } finally {
      Atomics.store(this.shared, SHARED.phase, PHASE.open);
    }
  }
}

/** Text as HTML. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
