import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { Observation } from "../../lessons/exercises/observationData";
import { preferredCacheFolder } from "../../lib/host/node/cacheFolder.cjs";
import { type CellToRun, type FromSandbox, SEEN, type ToSandbox } from "./channel";
import { type Packages, runner } from "./packages";
import { sandboxed, usageOf } from "./sandbox";

export interface Limits {
  /** Seconds of processor time for a cell; it may take six times as long by the clock. */
  cell: number;
  /** The same for a whole submission. */
  notebook: number;
  /** Bytes of memory for all processes of a submission. */
  memory: number;
}

/** Why a process is no more. */
export type Loss = "time limit" | "memory limit" | "died";

/** Thrown where the process in the sandbox has ended, or had to be ended. */
export class Lost extends Error {
  override name = "Lost";
  /** @param why in a few words, behind "it" */
  constructor(
    readonly loss: Loss,
    readonly why: string,
  ) {
    super(why);
  }
}

export interface ApartOptions {
  packages: Packages;
  limits: Limits;
  /** What hidden inputs are drawn from. */
  seed: string;
  /** Folders that cells may read: those of data sets. */
  readable: readonly string[];
  /** Is there a sandbox? Else the process sees what this one sees. */
  enclosed: boolean;
  seen: (exercise: string, observation: Observation) => void;
}

/** Processes that a submission may start. */
export const MOST_PROCESSES = 50;

/** Megabytes that it may hand to the grader. */
const MOST_SAID = 64;

/** Characters of its last words that are kept: V8 says "out of memory" above some thousand of a trace. */
const MOST_HEARD = 20_000;

/** A process that runs the cells of one submission, apart from everything else. */
export class Apart {
  private readonly child: ChildProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), "karenina-grade-"));
  private readonly watching: NodeJS.Timeout;
  private answered:
    | { resolve: (message: FromSandbox) => void; reject: (lost: Lost) => void }
    | undefined;
  private lost: Lost | undefined;
  private rest = "";
  private said = 0;
  private stderr = "";
  private begun = { seconds: 0, at: performance.now() };
  private readonly first = performance.now();
  /** Seconds of processor time so far. */
  seconds = 0;

  constructor(private readonly options: ApartOptions) {
    const { packages, limits, seed, readable, enclosed } = options;
    const { command, environment } = runner(packages.run, limits.memory);
    const places = [packages.run, ...readable];
    const sandbox = { root: this.folder, places, memory: limits.memory };
    const [program, ...args] = enclosed ? sandboxed(command, sandbox) : command;
    const home = enclosed ? "/tmp/home" : this.folder;
    const { PATH = "/usr/bin:/bin", KARENINA_DATA, KARENINA_BACKEND } = process.env;
    // The home in there is another one.
    const cache = preferredCacheFolder();
    const KARENINA_CACHE = cache !== null && existsSync(cache) ? cache : undefined;
    const known = { KARENINA_DATA, KARENINA_CACHE, KARENINA_BACKEND };
    this.child = spawn(program, args, {
      cwd: enclosed ? "/" : this.folder,
      // Nothing of the grader's own environment is the submission's business.
      env: {
        PATH,
        HOME: home,
        TMPDIR: home,
        LANG: "C.UTF-8",
        ...environment,
        ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
        KARENINA_MODE: "fast",
        KARENINA_PROGRESS: "",
        KARENINA_DRAW: seed,
      },
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    this.child.once("error", (error) => this.lose("died", error.message));
    this.child.once("close", () => this.lose(...this.lastWords()));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(-MOST_HEARD);
    });
    (this.child.stdin as Writable).on("error", () => {});
    const pipe = this.child.stdio[SEEN] as NodeJS.ReadableStream;
    pipe.setEncoding("utf8");
    pipe.on("data", (text: string) => this.hear(text));
    this.watching = setInterval(() => this.watch(), 200);
  }

  /** Resolves when the process can run cells. */
  async ready(): Promise<void> {
    await this.answer("ready");
  }

  /** Runs a cell. @throws Lost where the process does not survive it */
  async run(cell: CellToRun): Promise<Extract<FromSandbox, { type: "ran" }>> {
    this.begun = { seconds: this.seconds, at: performance.now() };
    this.tell({ type: "run", cell });
    return (await this.answer("ran")) as Extract<FromSandbox, { type: "ran" }>;
  }

  /** Lays an answer open. @throws Lost */
  async open(exercise: string, javascript: string): Promise<void> {
    this.tell({ type: "open", exercise, javascript });
    await this.answer("opened");
  }

  /** Ends all of it. */
  async close(): Promise<void> {
    this.seconds = Math.max(this.seconds, usageOf(this.child.pid ?? 0).seconds);
    this.lose("died", "closed");
    if (this.child.exitCode === null && this.child.signalCode === null && this.child.pid) {
      await new Promise((done) => this.child.once("close", done));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tell(message: ToSandbox): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  private async answer(type: FromSandbox["type"]): Promise<FromSandbox> {
    if (this.lost) {
      throw this.lost;
    }
    const message = await new Promise<FromSandbox>((resolve, reject) => {
      this.answered = { resolve, reject };
    });
    if (message.type !== type) {
      // Only code that writes to the channel itself can bring this about.
      this.lose("died", "spoke with the grader itself");
      throw this.lost;
    }
    return message;
  }

  private hear(text: string): void {
    this.said += text.length;
    if (this.said > MOST_SAID * 2 ** 20) {
      this.lose("memory limit", `handed in more than ${MOST_SAID} MB`);
      return;
    }
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() as string;
    for (const line of lines) {
      const message = parsed(line);
      if (message === undefined) {
        this.lose("died", "spoke with the grader itself");
      } else if (message.type === "seen") {
        this.options.seen(message.exercise, message.observation);
      } else {
        this.answered?.resolve(message);
        this.answered = undefined;
      }
    }
  }

  private watch(): void {
    const { limits } = this.options;
    const { bytes, seconds, processes } = usageOf(this.child.pid ?? 0);
    this.seconds = Math.max(this.seconds, seconds);
    const now = performance.now();
    const overdue = (limit: number, used: number, since: number) =>
      used > limit || now - since > 6000 * limit;
    if (overdue(limits.cell, this.seconds - this.begun.seconds, this.begun.at)) {
      this.lose("time limit", `took longer than ${limits.cell} seconds`);
    } else if (overdue(limits.notebook, this.seconds, this.first)) {
      this.lose("time limit", `and those before it took longer than ${limits.notebook} seconds`);
    } else if (bytes > limits.memory) {
      this.lose("memory limit", `took more than ${Math.round(limits.memory / 2 ** 20)} MB`);
    } else if (processes > MOST_PROCESSES) {
      this.lose("memory limit", `started more than ${MOST_PROCESSES} processes`);
    }
  }

  private lose(loss: Loss, why: string): void {
    if (!this.lost) {
      this.lost = new Lost(loss, why);
      clearInterval(this.watching);
      this.end();
    }
    this.answered?.reject(this.lost);
    this.answered = undefined;
  }

  private end(): void {
    const { pid } = this.child;
    try {
      // The whole group: without a sandbox, what a cell has started outlives it otherwise.
      process.kill(process.platform === "win32" ? (pid as number) : -(pid as number), "SIGKILL");
    } catch {
      // It has ended already, or never begun.
    }
  }

  private lastWords(): [Loss, string] {
    return /out of memory|Cannot allocate memory|bad_alloc/i.test(this.stderr)
      ? ["memory limit", "took more memory than it may have"]
      : ["died", "ended the process that it ran in"];
  }
}

function parsed(line: string): FromSandbox | undefined {
  try {
    const message = JSON.parse(line) as FromSandbox | null;
    return message !== null && typeof message === "object" ? message : undefined;
  } catch {
    return undefined;
  }
}
