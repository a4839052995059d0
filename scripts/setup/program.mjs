// The project's TypeScript programs: run as they are, with the library's preload and tsx.
import { spawn } from "node:child_process";
import os from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

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
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>}
 */
export function runInForeground(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    // A terminal sends Ctrl-C to the whole group; then the child has it already.
    const pass = (signal) => {
      if (signal !== "SIGINT" || !onTerminal()) child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const name of SIGNALS) process.off(name, pass);
      resolve(code ?? 128 + os.constants.signals[signal]);
    });
  });
}

function onTerminal() {
  return [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}
