import { type Debugger, type Runtime, Session } from "node:inspector";
import { FRAGILE, followsWithoutHooks, SHARED } from "../channel";
import type { DebuggeeMethod } from "./debuggee";
import { hiddenScripts, OWN_CODE } from "./hiddenCode";
import { BUSY, DEBUGGEE_CODE } from "./messages";
import { asArgument, messageOf } from "./remote";

/** How deep the calls are followed that lead to a callback or a continuation. */
const ASYNC_DEPTH = 16;

/** How often a main thread is asked again that is in the compiler, and how long it gets each time. */
const ATTEMPTS = 300;
const PAUSE = 10;

/** The inspector's methods that run code in the main thread. */
const RUNNING = new Set([
  "Runtime.evaluate",
  "Runtime.callFunctionOn",
  "Debugger.evaluateOnCallFrame",
]);

/** A call of the inspector that has yet to be made. */
interface Job {
  method: string;
  parameters: object;
  done: (error: Error | undefined, result?: object) => void;
}

/** What the inspector tells of a pause. */
export type Paused = Debugger.PausedEventDataType;

/** What listens to the inspector. */
export interface InspectorListeners {
  paused(pause: Paused): void;
  resumed(): void;
  /** A script was compiled. */
  parsed(script: { id: string; url: string }): void;
}

/**
 * V8's inspector of the main thread, from the front's thread: it answers while the main thread is
 * paused, in a loop, or waiting. Nothing is opened to the network. It is there only while somebody
 * debugs or looks at variables.
 */
export class Inspector {
  private session: Session | undefined;
  private debuggee: Promise<string> | undefined;
  private urls = new Map<string, string>();
  private following = false;
  private hasHooks = false;
  private jobs: Job[] = [];
  /** How many calls are under way that run code. */
  private running = 0;
  private isPaused = false;

  constructor(
    private readonly shared: Int32Array,
    private readonly listeners: InspectorListeners,
  ) {}

  /** Is code followed, so that it can be paused? */
  get isFollowing(): boolean {
    return this.following;
  }

  /** The URL of a script. */
  urlOf(script: string): string {
    return this.urls.get(script) ?? "";
  }

  /** The scripts that have a URL. */
  scriptsOf(url: string): string[] {
    return [...this.urls].flatMap(([script, other]) => (other === url ? [script] : []));
  }

  /**
   * Calls a method of the inspector.
   *
   * While a call runs code, further ones wait, unless that code is paused. For Node loses a message
   * that comes while it serves another in which the code is then paused: it heard of the message
   * once, at a moment when it could not take it, and waits in the pause for what is there already.
   *
   * @throws Error with what the inspector says is wrong
   */
  post<T = object>(method: string, parameters: object = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | undefined, result?: object) =>
        error ? reject(error) : resolve(result as T);
      this.jobs.push({ method, parameters, done });
      this.work();
    });
  }

  private work(): void {
    while (this.jobs.length > 0 && (this.running === 0 || this.isPaused)) {
      const { method, parameters, done } = this.jobs.shift() as Job;
      const runs = RUNNING.has(method);
      this.running += runs ? 1 : 0;
      this.connect().post(method, parameters, (error, result) => {
        this.running -= runs ? 1 : 0;
        done(error ? new Error(error.message) : undefined, result);
        this.work();
      });
    }
  }

  /**
   * Calls a method of the main thread's half (see debuggee.ts) and gives what it gives, as JSON.
   * Among what it is given, remote objects of the inspector stand for the values that they are of.
   *
   * @throws Error with the message of what it throws
   */
  async call<T>(method: DebuggeeMethod, ...given: unknown[]): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.callOnce(method, attempt === ATTEMPTS, given);
      if (result !== BUSY) {
        return result as T;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** Begins to follow the code: it can be paused from now on. */
  async follow(): Promise<void> {
    if (this.following) {
      return;
    }
    this.following = true;
    if (!followsWithoutHooks()) {
      // The inspector follows asynchronous calls by hooks.
      Atomics.or(this.shared, SHARED.fragile, FRAGILE.debugger);
    }
    await this.post("Debugger.enable");
    this.hasHooks = true;
    await this.post("Debugger.setAsyncCallStackDepth", { maxDepth: ASYNC_DEPTH });
    await this.post("Debugger.setSkipAllPauses", { skip: false });
    await this.hide(true);
    await this.call("follow", true);
  }

  /** Has scripts stepped over that are none of the user's: Node's and the kernel's, and packages'. */
  async hide(packages: boolean): Promise<void> {
    await this.post("Debugger.setBlackboxPatterns", { patterns: hiddenScripts(packages) });
  }

  /**
   * Ends it all: a paused thread goes on.
   *
   * Node before version 24 aborts when the hooks that follow asynchronous calls go while a
   * continuation runs that began with them. There they stay; nothing pauses any more.
   */
  async close(): Promise<void> {
    const { session } = this;
    if (!session) {
      return;
    }
    if (this.following) {
      this.following = false;
      await this.post("Debugger.setSkipAllPauses", { skip: true }).catch(() => {});
      await this.post("Debugger.setPauseOnExceptions", { state: "none" }).catch(() => {});
      await this.post("Debugger.resume").catch(() => {});
      await this.call("follow", false).catch(() => {});
    }
    if (followsWithoutHooks() || !this.hasHooks) {
      this.disconnect();
    }
  }

  /** The same at once, without letting the main thread know. */
  disconnect(): void {
    for (const { done } of this.jobs.splice(0)) {
      done(new Error("The debugger was closed."));
    }
    this.session?.disconnect();
    this.isPaused = false;
    this.hasHooks = false;
    this.session = undefined;
    this.debuggee = undefined;
    this.following = false;
    this.urls.clear();
    Atomics.and(this.shared, SHARED.fragile, ~FRAGILE.debugger);
  }

  private connect(): Session {
    if (!this.session) {
      const session = new Session();
      session.connectToMainThread();
      session.on("Debugger.paused", ({ params }) => {
        this.isPaused = true;
        this.listeners.paused(params);
        this.work();
      });
      session.on("Debugger.resumed", () => {
        this.isPaused = false;
        this.listeners.resumed();
      });
      session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
        if (url !== "") {
          this.urls.set(scriptId, url);
          this.listeners.parsed({ id: scriptId, url });
        }
      });
      this.session = session;
    }
    return this.session;
  }

  private async callOnce(
    method: DebuggeeMethod,
    force: boolean,
    given: unknown[],
  ): Promise<unknown> {
    this.debuggee ??= this.post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
      expression: DEBUGGEE_CODE,
    }).then(({ result }) => String(result.objectId));
    const { result, exceptionDetails } = await this.post<Runtime.CallFunctionOnReturnType>(
      "Runtime.callFunctionOn",
      {
        objectId: await this.debuggee,
        functionDeclaration:
          "function (method, force, ...given) { return this.call(method, force, ...given); }" +
          `\n//# sourceURL=${OWN_CODE}\n`,
        arguments: [{ value: method }, { value: force }, ...given.map(asArgument)],
        returnByValue: true,
        silent: true,
      },
    );
    if (exceptionDetails) {
      throw new Error(messageOf(exceptionDetails));
    }
    return result.value;
  }
}
