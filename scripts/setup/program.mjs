// The project's TypeScript programs: run as they are, with the library's preload and tsx.
import { spawn } from "node:child_process";
import os from "node:os";

/** The signals that end a program, and that are passed on to what it started. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The Node options under which TypeScript and the one TensorFlow work in every Node. */
export function nodeOptions(project) {
  return ["-r", project.preload, "-r", project.tsx];
}

/**
 * Runs a program in the terminal of this process and passes signals on to it.
 *
 * @param {import("./project.mjs").Project} project
 * @param {string} file
 * @param {string[]} args
 * @returns {Promise<number>} its exit status; 128 and the signal's number where a signal ended it
 */
export function runProgram(project, file, args) {
  return runInForeground(process.execPath, [...nodeOptions(project), file, ...args], {
    env: project.env,
  });
}

/**
 * A command in the terminal of this process.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>} its exit status
 */
export function runInForeground(command, args, options) {
  // A terminal sends Ctrl-C to the whole group; then the child has it already.
  const onTerminal = [process.stdin, process.stdout, process.stderr].some((s) => s.isTTY);
  return supervise(command, args, options, (child, signal) => {
    if (signal !== "SIGINT" || !onTerminal) {
      child.kill(signal);
    }
  });
}

/**
 * A server that must hear of Ctrl-C once only, whoever sends it: it gets a process group of its own,
 * and SIGTERM for every signal that reaches this process.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>} 0 when it was stopped, else its exit status
 */
export async function runServer(command, args, options) {
  // There a group of its own is a window of its own.
  if (process.platform === "win32") {
    return runInForeground(command, args, options);
  }
  let stopped = false;
  const code = await supervise(command, args, { detached: true, ...options }, (child) => {
    if (!stopped) {
      child.kill("SIGTERM");
    }
    stopped = true;
  });
  return stopped ? 0 : code;
}

function supervise(command, args, options, onSignal) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    const pass = (signal) => onSignal(child, signal);
    for (const signal of SIGNALS) {
      process.on(signal, pass);
    }
    const unwatch = watchNpm(() => pass("SIGTERM"));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      unwatch();
      for (const name of SIGNALS) {
        process.off(name, pass);
      }
      resolve(code ?? 128 + os.constants.signals[signal]);
    });
  });
}

/**
 * npm runs its scripts in a shell and hands signals to that shell, which ends without passing them
 * on. Then this process has another parent, and nobody who could stop it.
 */
function watchNpm(gone) {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event || process.platform === "win32") {
    return () => {};
  }
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      gone();
    }
  }, 500);
  return () => clearInterval(timer);
}
