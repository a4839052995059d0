import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeAtomically } from "../../lib/host/node/writeAtomically";
import { type Contestant, contest } from "./contest";
import { makeData } from "./data";
import { cachesOf, instructionsOf, readProcessor } from "./processor";
import { makeRows, markdownTable, type Row } from "./report";
import { type Workload, workloads } from "./workloads";

export const root = path.resolve(__dirname, "../..");
const folder = path.join(root, "build", "bench");
/** Where the data lie that engines read. */
export const dataFolder = path.join(folder, "data");
/** How node is started for a program in TypeScript that imports the library. */
export const nodeOptions = [
  "-r",
  path.join(root, "lib/host/node/preload.cjs"),
  "-r",
  path.join(root, "node_modules/tsx/dist/cjs/index.cjs"),
];

/** Names that may be asked for; "W4" stands for "W4a" to "W4e". */
export const names = ["W1", "W2", "W3", "W4", "W5", "W6"];

export interface TrainingBenchOptions {
  /** How often every engine gets its turn. Default 7. */
  rounds?: number;
  /** Which engines to run; default all. Where Python lacks, its engines are left out. */
  engines?: string[];
}

export interface TrainingReport {
  machine: Record<string, string | number>;
  rows: Row[];
  /** The rows as a table for the README. */
  markdown: string;
}

/** Runs the asked workloads, each engine in a process of its own, all of a workload interleaved. */
export async function benchTraining(
  asked: string[],
  { rounds = 7, engines }: TrainingBenchOptions = {},
): Promise<TrainingReport> {
  makeData(dataFolder);
  const python =
    (engines ?? ["pytorch"]).some((e) => /^(pytorch|keras|jax)/.test(e)) && findPython();
  const machine = describeMachine();
  const chosen = workloads.filter(({ name }) => asked.some((each) => name.startsWith(each)));
  const rows: Row[] = [];
  for (const workload of chosen) {
    const contestants = contestantsOf(workload, python || undefined).filter(
      ({ engine }) => !engines || engines.includes(engine),
    );
    console.error(`${workload.name}: ${contestants.map(({ engine }) => engine).join(", ")} ...`);
    const results = await contest(contestants, { rounds, steps: workload.steps, cwd: root });
    rows.push(...makeRows(workload, results, Number(machine.sgemmGflops)));
  }
  return { machine, rows, markdown: markdownTable(chosen, rows) };
}

/** Keras at its best: loops in its graph cost more than the small steps in them, and XLA fuses dense layers. */
const KERAS: Record<string, string> = { W2: "unroll", W3: "unroll", W5: "jit" };

/** Who takes part in a workload; what nobody would choose for it, or has no such network, is left out. */
function contestantsOf(workload: Workload, python: string | undefined): Contestant[] {
  const { name, kind } = workload;
  const args = [JSON.stringify(workload), dataFolder];
  const inNode = (engine: string, file: string, env: NodeJS.ProcessEnv = {}): Contestant => ({
    engine,
    command: process.execPath,
    args: [...nodeOptions, path.join(__dirname, file), ...args],
    env,
  });
  const inPython = (engine: string, file: string, variant = ""): Contestant => ({
    engine,
    command: python as string,
    args: [path.join(__dirname, file), ...args, variant],
  });
  const isTransformer = kind === "transformer" || kind === "sampleTransformer";
  const all = [inNode("karenina", "karenina.ts")];
  if (["W2", "W3", "W5", "W6"].includes(name)) {
    all.push(inNode("karenina-wasm", "karenina.ts", { KARENINA_BACKEND: "wasm" }));
  }
  if (!isTransformer) {
    all.push(inNode("tfjs-layers", "tfjsLayers.ts"));
  }
  if (!python) {
    return all;
  }
  all.push(inPython("pytorch", "pytorch.py"));
  // LSTM layers are one operation already, of which the compiler makes nothing faster.
  if (["rows", "digits", "transformer"].includes(kind)) {
    all.push(inPython("pytorch-compiled", "pytorch.py", "compiled"));
  }
  if (!isTransformer) {
    all.push(inPython("keras", "keras_tensorflow.py", KERAS[name]));
  }
  if (kind !== "sampleTransformer") {
    all.push(inPython("jax", "jax_scan.py"));
  }
  return all;
}

/** What a live chart costs: milliseconds a step of W2 without and with it, and their ratio. */
export function benchLive(rounds: number): { silentMs: number; liveMs: number; ratio: number } {
  makeData(dataFolder);
  const args = [...nodeOptions, path.join(__dirname, "live.ts"), dataFolder, String(rounds)];
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return JSON.parse(output.trim().split("\n").pop() as string);
}

/** The Python environment with PyTorch, Keras and JAX, installed on demand. */
export function findPython(): string | undefined {
  const result = spawnSync(process.execPath, [path.join(__dirname, "python.mjs")], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (result.status === 0) {
    return result.stdout.trim();
  }
  console.error("Only the engines in TypeScript are compared.");
  return undefined;
}

function describeMachine(): Record<string, string | number> {
  const output = execFileSync(process.execPath, [...nodeOptions, path.join(__dirname, "peak.ts")], {
    cwd: root,
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: String(os.availableParallelism()) },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { gflops } = JSON.parse(output.trim().split("\n").pop() as string);
  return {
    processor: os.cpus()[0].model,
    instructions: instructionsOf(readProcessor("/proc/cpuinfo")),
    caches: cachesOf("/sys/devices/system/cpu/cpu0/cache"),
    cores: os.cpus().length,
    memoryGB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    sgemmGflops: Math.round(gflops),
    versions: readVersions(),
    loadAverage: os.loadavg()[0],
    date: new Date().toISOString().slice(0, 10),
  };
}

/** Whom the library is measured against, by version. */
function readVersions(): string {
  const text = fs.readFileSync(path.join(__dirname, "requirements.txt"), "utf8");
  const version = (name: string) => text.match(new RegExp(`^${name}==(.*)$`, "m"))?.[1];
  return `PyTorch ${version("torch")}, Keras ${version("keras")}, JAX ${version("jax")}`;
}

/** Where the report lies; the rows of other benches in it are kept. */
export const reportFile = path.join(folder, "report.json");

/** Writes the report, keeping the rows of workloads that this run did not make. */
export function writeReport(report: TrainingReport): void {
  const made = new Set(report.rows.map((row) => row.workload));
  const old: { rows?: Row[] } = fs.existsSync(reportFile)
    ? JSON.parse(fs.readFileSync(reportFile, "utf8"))
    : {};
  const rows = [...(old.rows ?? []).filter((row) => !made.has(row.workload)), ...report.rows];
  const text = JSON.stringify({ machine: report.machine, rows }, null, 2);
  writeAtomically(reportFile, `${text}\n`);
  writeAtomically(path.join(folder, "report.md"), `${report.markdown}\n`);
}

const BEGIN = "<!-- bench -->";
const END = "<!-- /bench -->";
/** What a table begins with: of which machine it is. */
const MACHINE = /^<!-- machine: (.*) -->$/m;

/**
 * Puts the table between the two bench comments of a Markdown file, with a line on the machine: above those of
 * other machines, in place of an older one of this machine.
 *
 * @throws Error if the file has no such comments
 */
export function writeTableInto(file: string, { markdown, machine }: TrainingReport): void {
  const text = fs.readFileSync(file, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(`${file} has no place for the table: two lines, ${BEGIN} and ${END}.`);
  }
  const { processor, instructions, caches, cores, sgemmGflops, date, versions } = machine;
  const name = [`${cores} cores of ${processor}`, instructions].filter(Boolean).join(", ");
  const facts = [name, caches, `matrix product ${sgemmGflops} GFLOP/s`, versions].filter(Boolean);
  const table = `<!-- machine: ${name} -->\n\n${date}: ${facts.join("; ")}.\n\n${markdown}\n`;
  const others = text
    .slice(begin + BEGIN.length, end)
    .split(/(?=^<!-- machine: )/m)
    .filter((each) => each.trim() !== "" && each.match(MACHINE)?.[1] !== name)
    .map((each) => `${each.trim()}\n`);
  writeAtomically(
    file,
    `${text.slice(0, begin + BEGIN.length)}\n\n${[table, ...others].join("\n")}\n${text.slice(end)}`,
  );
}
