// The part of node:child_process that a page can have: single commands that its site has functions for.
import { type RunningCommand, startLine } from "./commands";
import { EventEmitter } from "./events";

/** What a command writes, piece by piece. */
class Output extends EventEmitter {
  /** Pieces are texts, whatever encoding is asked for. */
  setEncoding(): this {
    return this;
  }
}

/** A command in the shape of a process. */
class Child extends EventEmitter {
  readonly stdout = new Output();
  readonly stderr = new Output();
  readonly pid = 2;
  exitCode: number | null = null;
  killed = false;
  private readonly running: RunningCommand;

  constructor(line: string) {
    super();
    this.running = startLine(line, {
      out: (text) => void this.stdout.emit("data", text),
      err: (text) => void this.stderr.emit("data", text),
    });
    this.running.ended.then(
      (code) => this.end(code),
      (error: Error) => {
        const failure = Object.assign(error, { code: "ENOENT", syscall: `spawn ${line}` });
        this.emit("error", failure);
      },
    );
  }

  private end(code: number): void {
    this.exitCode = code;
    this.emit("exit", code, null);
    this.stdout.emit("end");
    this.stderr.emit("end");
    this.emit("close", code, null);
  }

  kill(): boolean {
    this.killed = true;
    this.running.stop();
    return this.exitCode === null;
  }
}

/** Words as a shell has to be given them. */
const quoted = (words: readonly string[]) =>
  words
    .map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");

/** Starts a command; its options are those of a machine's, and mean nothing here. */
export function spawn(command: string, ...rest: unknown[]): Child {
  const [words, options] = Array.isArray(rest[0]) ? [rest[0] as string[], rest[1]] : [[], rest[0]];
  const shell = (options as { shell?: unknown } | undefined)?.shell;
  return new Child(shell ? [command, ...words].join(" ") : quoted([command, ...words]));
}

type Finished = (error: Error | null, stdout: string, stderr: string) => void;

/** Runs a command and hands over what it wrote. */
export function exec(line: string, ...rest: unknown[]): Child {
  const finished = rest.findLast((each) => typeof each === "function") as Finished | undefined;
  const child = new Child(line);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.on("data", (text: string) => {
    stderr += text;
  });
  child.on("error", (error: Error) => finished?.(error, stdout, stderr));
  child.on("close", (code: number) => {
    const error = code === 0 ? null : Object.assign(new Error(`Command failed: ${line}`), { code });
    finished?.(error, stdout, stderr);
  });
  return child;
}

function standsStill(): never {
  throw new Error(
    "A page runs commands beside the cell, and cannot stand still for one: call spawn or exec, and await its end.",
  );
}

export const execSync = standsStill;
export const spawnSync = standsStill;
export const execFileSync = standsStill;

export default { exec, execFileSync, execSync, spawn, spawnSync };
