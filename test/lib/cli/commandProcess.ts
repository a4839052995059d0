import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import * as path from "node:path";
import type { TestContext } from "node:test";

const root = path.resolve(__dirname, "../../..");
const cli = path.join(root, "lib/cli/cli.ts");

/** How Node runs the project's programs. */
export const nodeArguments = [
  "-r",
  path.join(root, "lib/host/node/preload.cjs"),
  "-r",
  path.join(root, "node_modules/tsx/dist/cjs/index.cjs"),
  cli,
];

/** What a command left when it ended. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command in a process of its own. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Outcome>;
  /** Waits until stdout matches. */
  says(pattern: RegExp): Promise<void>;
}

/** A folder to work in, removed after the test. */
export function workFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "karenina-commands-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a command in a folder. */
export function start(
  folder: string,
  args: readonly string[],
  { env = {}, node = [] }: { env?: NodeJS.ProcessEnv; node?: readonly string[] } = {},
): Running {
  const { INIT_CWD, npm_package_json, npm_lifecycle_event, ...inherited } = process.env;
  const child = spawn(process.execPath, [...node, ...nodeArguments, ...args], {
    cwd: folder,
    env: { ...inherited, KARENINA_SEED: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text) => {
    outcome.stdout += text;
    for (const check of waiting) {
      check();
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    outcome.stderr += text;
  });
  const ended = once(child, "close").then(([code]) => ({ ...outcome, code }));
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!pattern.test(outcome.stdout)) {
          return;
        }
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      void ended.then(({ stderr }) => reject(new Error(`It ended without ${pattern}: ${stderr}`)));
    });
  return { child, ended, says };
}

/** Runs a command to its end. */
export function run(
  folder: string,
  args: readonly string[],
  options?: Parameters<typeof start>[2],
): Promise<Outcome> {
  return start(folder, args, options).ended;
}

/** A text with something to learn in it: words of a small language, in a fixed order. */
export function someText(characters: number): string {
  const words = ["sun", "moon", "river", "stone", "and", "the", "sings", "sleeps", "über", "Berg"];
  let text = "";
  for (let i = 1; text.length < characters; i++) {
    const word = words[(i * i * 7 + i * 3 + ((i * i * i) >> 4)) % words.length];
    text += word + (i % 9 === 0 ? ".\n" : " ");
  }
  return text.slice(0, characters);
}

/** Writes the text to learn from, and returns the options of a network that learns it quickly. */
export function smallTraining(folder: string, characters = 3000): string[] {
  writeFileSync(path.join(folder, "text.txt"), someText(characters));
  return [
    "train",
    "--input-txt",
    "text.txt",
    "--batch-size",
    "4",
    "--seq-length",
    "10",
    "--rnn-size",
    "8",
    "--wordvec-size",
    "5",
    "--seed",
    "3",
    "--sample-every",
    "0",
  ];
}

/** The names in a folder, in order. */
export function namesIn(...parts: string[]): string[] {
  const folder = path.join(...parts);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
