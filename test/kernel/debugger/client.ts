import type { ExecuteResult, Kernel } from "../../../runner/client";
import { start } from "../process/kernels";

/** Any part of a message of the Debug Adapter Protocol. */
// biome-ignore lint/suspicious/noExplicitAny: the protocol's bodies have a hundred shapes
export type Body = any;

export interface DebugReply {
  type: string;
  request_seq: number;
  success: boolean;
  command: string;
  message?: string;
  body: Body;
}

/** A variable as a front end gets it. */
export interface Shown {
  name: string;
  value: string;
  type: string;
  variablesReference: number;
}

/** A front end that debugs: it sends requests on the control channel and hears the events. */
export class DebugClient {
  readonly events: { event: string; body: Body }[] = [];
  private seq = 0;
  private waiting: (() => void)[] = [];
  private taken = 0;
  private readonly limits = new Set<NodeJS.Timeout>();

  constructor(readonly kernel: Kernel) {
    kernel.listen((channel, message) => {
      if (channel === "iopub" && message.header.msg_type === "debug_event") {
        this.events.push(message.content as { event: string; body: Body });
        for (const wake of this.waiting.splice(0)) {
          wake();
        }
      }
    });
  }

  /** A client of a new kernel whose debugger has been started. */
  static async start(folder?: string): Promise<DebugClient> {
    const client = new DebugClient(await start(folder));
    await client.open();
    return client;
  }

  async open(clientID = "test-client"): Promise<void> {
    await this.ask("initialize", { clientID, adapterID: "", linesStartAt1: true });
    await this.ask("attach");
  }

  /** The whole reply to a request, whether or not it succeeded. */
  async reply(command: string, given: object = {}): Promise<DebugReply> {
    const request = { type: "request", seq: ++this.seq, command, arguments: given };
    const { content } = await this.kernel.request("debug_request", request, {
      channel: "control",
      timeoutMs: 60_000,
    });
    return content as unknown as DebugReply;
  }

  /** The body of a reply. @throws Error where the request fails */
  async ask(command: string, given: object = {}): Promise<Body> {
    const reply = await this.reply(command, given);
    if (!reply.success) {
      throw new Error(`${command}: ${reply.message}`);
    }
    return reply.body;
  }

  /** The next event of a kind that nobody has waited for. */
  async event(name: string): Promise<Body> {
    for (;;) {
      const at = this.events.findIndex(({ event }, index) => index >= this.taken && event === name);
      if (at >= 0) {
        this.taken = at + 1;
        return this.events[at].body;
      }
      await new Promise<void>((resolve, reject) => {
        const limit = setTimeout(() => {
          const heard = this.events.map(({ event }) => event).join(", ");
          reject(new Error(`No event ${name} came in 20 s, but ${heard}.`));
        }, 20_000);
        this.limits.add(limit);
        this.waiting.push(() => {
          clearTimeout(limit);
          this.limits.delete(limit);
          resolve();
        });
      });
    }
  }

  /** Waits for no event any more. */
  abandon(): void {
    this.waiting = [];
    for (const stop of this.limits) {
      clearTimeout(stop);
    }
    this.limits.clear();
  }

  /** Runs a cell, and goes on when it has printed "go"; how it ended comes later. */
  async begin(code: string): Promise<{ run: Promise<ExecuteResult> }> {
    let begun: () => void = () => {};
    const go = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const run = this.kernel.execute(code, {
      onOutput: ({ content }) => String(content.text ?? "").includes("go") && begun(),
    });
    await go;
    return { run };
  }

  /** Gives the text of a cell before it runs, with breakpoints in it. */
  async breakIn(code: string, ...wanted: (number | object)[]): Promise<Body[]> {
    const { sourcePath } = await this.ask("dumpCell", { code });
    return await this.breakAt(sourcePath, ...wanted);
  }

  /** Puts breakpoints into a file or a cell. */
  async breakAt(path: string, ...wanted: (number | object)[]): Promise<Body[]> {
    const breakpoints = wanted.map((one) => (typeof one === "number" ? { line: one } : one));
    return (await this.ask("setBreakpoints", { source: { path }, breakpoints })).breakpoints;
  }

  /** The calls of a stop. */
  async stack(): Promise<Body[]> {
    return (await this.ask("stackTrace", { threadId: 1 })).stackFrames;
  }

  /** Where the code has stopped: file, line and column of the innermost call. */
  async place(): Promise<string> {
    const [{ source, line, column }] = await this.stack();
    return `${source.name}:${line}:${column}`;
  }

  /** The variables of a scope of a call, by name. */
  async variables(scope = "Locals", frame = 0): Promise<Map<string, Shown>> {
    const frames = await this.stack();
    const { scopes } = await this.ask("scopes", { frameId: frames[frame].id });
    const found = scopes.find(({ name }: { name: string }) => name === scope);
    return await this.children(found.variablesReference);
  }

  /** What a scope or a value holds, by name. */
  async children(variablesReference: number): Promise<Map<string, Shown>> {
    const { variables } = await this.ask("variables", { variablesReference });
    return new Map(variables.map((one: Shown) => [one.name, one]));
  }

  /** The text of what an expression gives in a call. */
  async evaluate(expression: string, frame = 0): Promise<string> {
    const frames = await this.stack();
    const frameId = frames[frame]?.id;
    return (await this.ask("evaluate", { expression, frameId, context: "repl" })).result;
  }

  /** Takes a step, and waits for the stop behind it. */
  async step(command: "next" | "stepIn" | "stepOut" | "continue"): Promise<string> {
    await this.ask(command, { threadId: 1 });
    await this.event("stopped");
    return await this.place();
  }
}
