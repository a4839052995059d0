// Child processes: started without a shell, with a time limit, their output kept for error texts.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/**
 * @typedef {object} Outcome
 * @property {boolean} ok whether the command ran and exited 0
 * @property {number | null} code its exit status; null when it was not found or was killed
 * @property {string} stdout
 * @property {string} stderr
 * @property {string} failure why it is not ok, in one line; empty when it is
 */

/**
 * Runs a command to its end. Never throws: a command that is missing, fails or hangs is an outcome.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.limitSeconds] after which the command and its children are killed
 * @param {"none" | "progress" | "all"} [options.show] what reaches the terminal: nothing, what the
 *   command draws on a terminal (nothing where there is none), or everything
 * @returns {Promise<Outcome>}
 */
export function run(command, args, options = {}) {
  const { cwd, env = process.env, limitSeconds = 600, show = "none" } = options;
  const draws = show === "progress" && process.stderr.isTTY && process.stdout.isTTY;
  const open = show === "all" || draws;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", open ? "inherit" : "pipe", show === "all" ? "inherit" : "pipe"],
      // npm is a batch file on Windows, and Node starts those through the shell only.
      shell: process.platform === "win32" && command.endsWith(".cmd"),
    });
    let stdout = "";
    let stderr = "";
    let timedOut = false;
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      if (draws) {
        process.stderr.write(text);
      }
    });
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
      // A grandchild may hold the pipes open; what it still says is of no interest.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, limitSeconds * 1000);
    const finish = (code, why) => {
      clearTimeout(timer);
      const ok = code === 0;
      const failure = ok ? "" : timedOut ? `it took longer than ${limitSeconds} s` : why;
      resolve({ ok, code, stdout, stderr, failure });
    };
    child.once("error", (error) => {
      finish(null, error.code === "ENOENT" ? `${command} was not found` : error.message);
    });
    child.once("close", (code, signal) => {
      finish(code, lastLine(`${stdout}\n${stderr}`) || `exit ${signal ?? code}`);
    });
  });
}

/**
 * The line of a command's output that says most: the last that reads "error: ...", else the last that
 * speaks of an error, else the last.
 *
 * @param {string} text
 */
export function lastLine(text) {
  const lines = text.split(/[\r\n]+/).flatMap((line) => line.trim() || []);
  const telling =
    lines.findLast((line) => /error\b[^:]{0,20}: *\S/i.test(line)) ??
    lines.findLast((line) => /\berror\b/i.test(line)) ??
    lines.at(-1) ??
    "";
  return telling.length > 300 ? `${telling.slice(0, 300)}...` : telling;
}

/**
 * The first of several commands that is on the PATH, found without starting it.
 *
 * @param {string[]} names bare names, or paths to look at as they are
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null} its full path
 */
export function which(names, env = process.env) {
  const folders = (env.PATH ?? env.Path ?? "").split(path.delimiter).filter(Boolean);
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat", ""] : [""];
  for (const name of names) {
    const bases = path.basename(name) === name ? folders.map((f) => path.join(f, name)) : [name];
    for (const base of bases) {
      const found = endings.map((ending) => base + ending).find(isExecutable);
      if (found) {
        return found;
      }
    }
  }
  return null;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
