// What the library's commands take for their process and console: one at a time has them.
import { format } from "node:util";
import type { CommandStreams } from "../../../kernel/lite/web/commands";

let streams: CommandStreams | undefined;
let variables: Record<string, string> = {};
const listeners = new Map<string, Set<() => void>>();

const output = (name: "out" | "err") => ({
  isTTY: false,
  write(text: string, written?: (error?: Error) => void): boolean {
    streams?.[name](String(text));
    written?.();
    return true;
  },
});

export const commandProcess = {
  argv: ["node", "karenina"],
  execArgv: [],
  platform: "browser",
  pid: 1,
  exitCode: 0,
  stdout: output("out"),
  stderr: output("err"),
  get env() {
    return { ...process.env, ...variables };
  },
  cwd: () => process.cwd(),
  exit(): never {
    throw new Error("A command of a page's cannot end its process.");
  },
  on(name: string, listener: () => void) {
    listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
    return commandProcess;
  },
  off(name: string, listener: () => void) {
    listeners.get(name)?.delete(listener);
    return commandProcess;
  },
};

export const commandConsole = {
  log: (...values: unknown[]) => streams?.out(`${format(...values)}\n`),
  error: (...values: unknown[]) => streams?.err(`${format(...values)}\n`),
};

/** Runs a command with these streams; aborting their signal is its Ctrl-C. */
export async function asProcess(
  own: CommandStreams,
  environment: Record<string, string>,
  work: () => Promise<number>,
): Promise<number> {
  const interrupt = () => {
    for (const listener of [...(listeners.get("SIGINT") ?? [])]) {
      listener();
    }
  };
  streams = own;
  variables = environment;
  own.signal.addEventListener("abort", interrupt);
  try {
    return await work();
  } finally {
    own.signal.removeEventListener("abort", interrupt);
    streams = undefined;
    listeners.clear();
  }
}
