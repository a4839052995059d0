import { spawn } from "node:child_process";
import readline from "node:readline";

/** What a program gets: one training. */
export interface Settings {
  cell: "rnn" | "lstm";
  optimizer: "sgd" | "adam";
  learningRate: number;
  /** Of SGD; the original program names 0.5 and does not use it. */
  momentum: number;
  batchSize: number;
  iterations: number;
  /** Iterations from one count of right answers to the next. */
  every: number;
  seed: number;
  /** Begin with the weights, and keep to the order of examples, that `writeStart` drew for the seed. */
  sharedStart: boolean;
}

/** A line that a program prints, as JSON, every `every` iterations and after the last. */
export interface Line {
  iteration: number;
  /** Of the last batch, in nats. */
  loss: number;
  /** On the test digits, from 0 to 1. */
  accuracy: number;
  /** Of training so far, without the counting. */
  seconds: number;
}

/** A training to run: by whom, and with which options. */
export interface Program {
  name: string;
  command: string;
  args: string[];
  settings: Settings;
}

/** One training, from its first line to its last. */
export interface Run {
  name: string;
  settings: Settings;
  lines: Line[];
}

/**
 * Runs a program, with its settings as JSON and a data folder as its last two arguments.
 *
 * @param onLine called with every line as it comes
 * @throws Error with the program's last words, where it fails or ends before its last iteration
 */
export async function runProgram(
  { name, command, args, settings }: Program,
  {
    folder,
    cwd,
    onLine = () => {},
  }: { folder: string; cwd: string; onLine?: (line: Line) => void },
): Promise<Run> {
  const child = spawn(command, [...args, JSON.stringify(settings), folder], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors = (errors + text).slice(-2000);
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  exit.catch(() => {});
  const lines: Line[] = [];
  for await (const text of readline.createInterface({ input: child.stdout })) {
    // Libraries may print other lines.
    if (!text.startsWith("{")) {
      continue;
    }
    const line = JSON.parse(text) as Line;
    lines.push(line);
    onLine(line);
  }
  const status = await exit;
  if (status !== 0 || lines.at(-1)?.iteration !== settings.iterations) {
    throw new Error(`${name} ended early (status ${status}). Its last words:\n${errors}`);
  }
  return { name, settings, lines };
}
