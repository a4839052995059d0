// Runs the cells of one submission, in the sandbox. It knows no answer, no compiler and no notebook: it is
// sent one compiled cell after the other. Bundled by packages.ts; see channel.ts.

import { mkdirSync, writeSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { nodeEngine } from "../../kernel/node/engine";
import { nodeFiles, nodePaths } from "../../kernel/node/files";
import { Packages } from "../../kernel/node/packages";
import { Installation } from "../../kernel/session/compile/installation";
import type { SessionHost } from "../../kernel/session/host";
import { ModuleLoader } from "../../kernel/session/run/loader";
import { type NamedCell, RunningCells } from "../../kernel/session/run/runningCells";
import { plainRuntime } from "../../kernel/session/run/runtime";
import { OBSERVATION_TYPE, type Observation } from "../../lessons/exercises/observationData";
import { type CellToRun, type FromSandbox, SEEN, type ToSandbox } from "./channel";
import { rememberCode } from "./codeCache";

const folder = join(__dirname, "notebooks");

/** The parts of the kernel's host that running takes. */
const host: SessionHost = {
  folder,
  typesFolder: folder,
  files: nodeFiles,
  paths: nodePaths,
  modules: new Packages(),
  engine: nodeEngine,
  kept: { get: () => undefined, put() {}, prune() {} },
  startCommand() {
    throw new Error("Where submissions are graded, lines that begin with ! are not run.");
  },
  isMachinery: () => false,
  loadTypeScript() {
    throw new Error("There is no compiler here.");
  },
};

function runningCells(): RunningCells {
  const none = { add() {}, putPlainly() {} };
  const loader = new ModuleLoader({
    host,
    nameOf: (file: string) => file,
    resolution: { builtIn: () => undefined, resolveSource: () => undefined },
    runtime: plainRuntime,
    stacks: none,
    texts: none,
    // Only the user's own TypeScript files would be emitted, and here there are none.
    ts: undefined,
    options: undefined,
  } as never);
  return new RunningCells(host, loader, new Installation(folder, host));
}

function send(message: FromSandbox): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(SEEN, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
        throw error;
      }
    }
  }
}

/** What cells may use without importing it: see kernel/types/globals.d.ts. Nobody looks at displays. */
function installGlobals(): void {
  const cell = {
    signal: new AbortController().signal,
    executionCount: 1,
    code: "",
    interactive: false,
  };
  const display = (bundle: unknown) => {
    const data = Object(bundle) as Record<string, unknown>;
    const found = data[OBSERVATION_TYPE] as (Observation & { exercise: string }) | undefined;
    if (found) {
      const { exercise, ...observation } = found;
      send({ type: "seen", exercise, observation });
    }
    return { id: "", update() {} };
  };
  const globals = {
    display,
    clearOutput() {},
    prompt: (_message: string, preset = "") => preset,
    jupyter: { cell, cells: { stale: [], async runStale() {} } },
    [Symbol.for("Jupyter.cell")]: cell,
  };
  for (const name of Reflect.ownKeys(globals)) {
    const value = Reflect.get(globals, name);
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

async function run(cells: RunningCells, cell: CellToRun): Promise<FromSandbox> {
  const declarations = new Map(cell.declarations.map((each) => [each.name, each]));
  // The rest of a compiled cell is the compiler's own affair.
  const named = { ...cell, topLevel: { declarations } } as unknown as NamedCell;
  let error: string | undefined;
  let finished = false;
  try {
    await cells.run(named, plainRuntime);
    finished = true;
  } catch (thrown) {
    error = lineOf(thrown);
  }
  const exists = cells.settle(named, finished);
  const given = cell.declarations.filter(exists).map(({ name }) => name);
  return { type: "ran", given, ...(error === undefined ? {} : { error }) };
}

function lineOf(thrown: unknown): string {
  try {
    return String(thrown).split("\n", 1)[0].slice(0, 300);
  } catch {
    return "an error that cannot be shown";
  }
}

function open(exercise: string, javascript: string): void {
  const file = join(__dirname, "node_modules/karenina-lessons/exercises", `answer_${exercise}.js`);
  const module = new Module(file) as Module & { _compile(text: string, file: string): void };
  module.filename = file;
  module.require = createRequire(file);
  module._compile(javascript, file);
  const known = globalThis as { kareninaOpenAnswers?: Record<string, unknown> };
  known.kareninaOpenAnswers = { ...known.kareninaOpenAnswers, [exercise]: module.exports };
}

async function obey(cells: RunningCells, order: ToSandbox): Promise<FromSandbox> {
  if (order.type === "run") {
    return await run(cells, order.cell);
  }
  open(order.exercise, order.javascript);
  return { type: "opened" };
}

// What fails behind a cell's back is the cell's affair, and no reason to end.
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
installGlobals();
const cells = runningCells();
const { HOME = folder } = process.env;
mkdirSync(HOME, { recursive: true });
process.chdir(HOME);
const { ready } = createRequire(join(folder, "cell.js"))("karenina") as { ready(): Promise<void> };
void ready().then(() => {
  if (process.argv.includes("--remember-code")) {
    createRequire(join(folder, "cell.js"))("karenina-lessons");
    rememberCode();
    process.exit(0);
  }
  const orders = createInterface({ input: process.stdin });
  orders.on("line", (line) => {
    void obey(cells, JSON.parse(line)).then(send);
  });
  orders.on("close", () => process.exit(0));
  send({ type: "ready" });
});
