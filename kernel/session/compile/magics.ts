/** A line or a cell in the language of IPython's commands that has no meaning here. */
export class MagicError extends Error {
  override readonly name = "MagicError";

  /**
   * @param word as in `%time`
   * @param place as in `cell-12.ts:3:1`
   */
  constructor(word: string, advice: string, place: string) {
    super(`${word} is a command of IPython, and a cell is TypeScript. ${advice}`);
    this.stack = `${this.name}: ${this.message}\n    at ${place}`;
  }
}

const PACKAGES = "Packages are installed by a line for the shell: !npm install zod";
const SHELL = "A line for the shell begins with an exclamation mark: !ls -l";
const NAMES = "Tab shows the names of the session, and Shift-Tab or name? what each of them is.";
const DEBUGGER = 'There is no debugger here: console.log(value), or console.trace("here").';
const SHOW = (type: string) => `Write display({ "${type}": \`...\` }).`;
const HISTORY = "Up and Down in a console bring earlier cells back; _ is the last result.";

/** What to do here in place of IPython's commands, by their names. */
const ADVICE: Record<string, string> = {
  alias: SHELL,
  bash: SHELL,
  bookmark: 'Write process.chdir("folder").',
  capture:
    'To keep what a command prints, import { execSync } from "node:child_process" and write ' +
    'const text = execSync("ls", { encoding: "utf8" }).',
  cd: 'Write process.chdir("folder").',
  conda: PACKAGES,
  debug: DEBUGGER,
  dirs: "Write process.cwd().",
  env: "Write process.env, as process.env.HOME or process.env.DEBUG = '1'.",
  history: HISTORY,
  html: SHOW("text/html"),
  javascript: SHOW("text/javascript"),
  js: SHOW("text/javascript"),
  latex: SHOW("text/latex"),
  load: 'Write import * as name from "./file", or read a file with node:fs.',
  load_ext: 'There are no extensions to load: import packages, as import { z } from "zod".',
  ls: SHELL,
  lsmagic: "There are two of its kind: lines for the shell (!ls -l) and %timeit.",
  magic: "There are two of its kind: lines for the shell (!ls -l) and %timeit.",
  markdown: SHOW("text/markdown"),
  matplotlib:
    "Figures need no preparation: end a cell with one, or call display(figure); a server of the " +
    "notebook shows HTML, SVG, images and Plotly's figures.",
  mkdir: SHELL,
  pdb: DEBUGGER,
  perl: SHELL,
  pinfo: NAMES,
  pip: PACKAGES,
  prun: "To profile code, write console.profile() around it under node --inspect, or see %timeit.",
  pwd: "Write process.cwd().",
  pylab: 'Import what you need, as import * as Plot from "@observablehq/plot".',
  pypy: SHELL,
  python: "Put the code into a file and run it: !python3 file.py",
  python3: "Put the code into a file and run it: !python3 file.py",
  quickref: "There are two of its kind: lines for the shell (!ls -l) and %timeit.",
  recall: HISTORY,
  reload_ext: "A file that you have edited is read again when a cell imports it again.",
  autoreload: "A file that you have edited is read again when a cell imports it again.",
  rerun: HISTORY,
  reset: "Restart the kernel from the notebook's menu.",
  ruby: SHELL,
  run: 'Write import "./file", which runs the file, or !node file.js, which does so beside the kernel.',
  script: SHELL,
  set_env: "Write process.env.NAME = 'value'.",
  sh: SHELL,
  svg: SHOW("image/svg+xml"),
  sx: SHELL,
  system: SHELL,
  tb: "The error's own text has the places; console.trace() says where code is.",
  time: 'Write console.time("label") before it and console.timeEnd("label") after it, or see %timeit.',
  timeit: "It measures one expression, as %timeit f(1); with %%timeit in its first line, a cell.",
  who: NAMES,
  who_ls: NAMES,
  whos: NAMES,
  writefile: 'Write import { writeFileSync } from "node:fs"; writeFileSync("file.txt", `...`).',
  file: 'Write import { writeFileSync } from "node:fs"; writeFileSync("file.txt", `...`).',
  xmode: "Errors are always shown with their places.",
};

/** Is it the name of one of IPython's commands, without its percent signs? */
export function isMagic(name: string): boolean {
  return Object.hasOwn(ADVICE, name);
}

/** What to do here in the place of a command, whose name may be any. */
export function adviceForMagic(name: string): string {
  return isMagic(name)
    ? ADVICE[name]
    : "Of its kind there are lines for the shell (!ls -l) and %timeit f(1); the rest is done in code.";
}
