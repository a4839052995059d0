import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { course, type Lesson } from "../../../../lessons/exercises/course";
import type { ExerciseOutcome, Status } from "../../../../scripts/grade/gradeSubmission";
import { answersByHand } from "./answersByHand";
import type { Expected } from "./submissions";

const [welcome] = course;
const IMPORT = 'import { tf } from "karenina";\nimport { check } from "karenina-lessons";';

/** Right answers beside an attack: they count all the same. */
const NEURON = "check.neuron((x, w, b) => Math.tanh(w * x + b));";

/** A notebook as a file's text, with outputs that say that all is right. */
export function notebookOf(codes: readonly string[], metadata: object = {}, output = "✓ Right") {
  const cells = codes.map((source, i) => ({
    cell_type: "code",
    id: `c${i}`,
    metadata: {},
    source,
    execution_count: i,
    outputs: [{ output_type: "stream", name: "stdout", text: output }],
  }));
  return JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 });
}

/** What a hostile notebook of lesson 00 does, and what is to come out. */
interface Attack {
  cells: readonly string[];
  statuses?: readonly Status[];
  cellRunThrice?: ExerciseOutcome;
  neuron?: ExerciseOutcome;
}

const OBSERVED = "application/vnd.karenina.observation+json";

/** Ways to be given marks for nothing, or to be in the way of others, that trial/hostile.ts does not know. */
const attacks: Record<string, Attack> = {
  "bends what compares": {
    cells: [
      'import assert from "node:assert";\nconst all = Object.assign as any;\nall(assert, { deepEqual() {}, equal() {} });\nall(Math, { random: () => 0.5, abs: () => 0, max: () => 0 });\nall(Object, { is: () => true, entries: () => [] });\nall(Number, { isNaN: () => false, isInteger: () => true });\nDate.now = () => 0;\nReflect.defineProperty(Number, "EPSILON", { value: 1e9 });',
      "for (const name of ['every', 'some', 'includes'] as const) (Array.prototype as any)[name] = () => true;\ncheck.cellRunThrice(7);",
    ],
    cellRunThrice: "wrong",
  },
  "bends JSON": {
    cells: [
      "(Array.prototype as any).toJSON = () => [15];\n(Number.prototype as any).toJSON = () => 15;\ncheck.cellRunThrice(7);\ncheck.neuron(() => 15);",
    ],
    cellRunThrice: "wrong",
    neuron: "wrong",
  },
  "answers by what changes": {
    cells: [
      "let n = 0;\ncheck.neuron((() => ({ valueOf: () => n++, toString: () => String(n) })) as never);\ncheck.cellRunThrice(new Proxy(Object, { get: () => () => 15 }) as never);",
    ],
    cellRunThrice: "wrong",
    neuron: "wrong",
  },
  "shows verdicts and observations": {
    cells: [
      `const right = { exercise: "cellRunThrice", lesson: "00-welcome", verdict: "right", attempts: 1 };
display({ "application/vnd.karenina.verdict+json": right, "text/html": "<b>✓ Right</b>" });
display({ "${OBSERVED}": { exercise: "cellRunThrice", kind: "right" } });
display({ "${OBSERVED}": { exercise: "neuron", kind: "seen", observed: [[0.9, 0, 1, 0], [1, 1, 1, 1]], changesArguments: false, leaks: -9 } });`,
    ],
    cellRunThrice: "wrong",
    neuron: "wrong",
  },
  "hands in what is deep and wide": {
    cells: [
      `import { writeSync } from "node:fs";
const write = (text: string) => { const bytes = Buffer.from(text); for (let at = 0; at < bytes.length; ) { try { at += writeSync(3, bytes, at); } catch {} } };
const seen = (observed: string) => write('{"type":"seen","exercise":"neuron","observation":{"kind":"seen","observed":' + observed + '}}\\n');
seen("[".repeat(200_000) + "]".repeat(200_000));
seen('{"tensor":[1],"shape":[1000000000],"dtype":"float32"}');
seen("[" + "1,".repeat(3_000_000) + "1]");`,
      "check.cellRunThrice(15);",
    ],
    cellRunThrice: "right",
    neuron: "wrong",
    statuses: ["graded", "died"],
  },
  "waits for the lesson's own": {
    cells: [
      `const open = () => (globalThis as any).kareninaOpenAnswers?.cellRunThrice;
const waiting = setInterval(() => { if (open()) { check.cellRunThrice(open().cellRunThrice.exercise.answer); clearInterval(waiting); } }, 1);`,
      "check.cellRunThrice.use(NaN);\nawait new Promise((done) => setTimeout(done, 50));",
    ],
    statuses: ["empty"],
  },
  "looks for solutions": {
    cells: [
      `import { createRequire } from "node:module";
import * as fs from "node:fs";
const need = createRequire(__filename);
const found: unknown[] = [];
for (const name of ["karenina-lessons/exercises/solutions", "karenina-lessons/exercises/welcome"]) { try { found.push(need(name)); } catch {} }
for (const folder of ["/root", "/home", "/work", "/opt", "/srv"]) { try { found.push(...fs.readdirSync(folder)); } catch {} }
const text = JSON.stringify(found, (_, each) => (typeof each === "function" ? String(each) : each));
check.cellRunThrice(Number(/cellRunThrice\\((\\d+)\\)|answer\\W+(\\d+)/.exec(text)?.[1] ?? NaN));`,
    ],
    statuses: ["empty"],
  },
  "starts many processes": {
    cells: [
      'import { spawn } from "node:child_process";\nfor (let i = 0; i < 120; i++) spawn("sleep", ["100"], { detached: true, stdio: "ignore" });\nawait new Promise((done) => setTimeout(done, 3000));',
      NEURON,
    ],
    statuses: ["memory limit"],
    neuron: "right",
  },
  "fills memory": {
    cells: [
      "const all: Float64Array[] = [];\nfor (let i = 0; i < 40; i++) all.push(new Float64Array(2 ** 24).fill(i));",
      NEURON,
    ],
    statuses: ["memory limit", "graded", "died"],
    neuron: "right",
  },
  "destroys what it finds": {
    cells: [
      `import * as fs from "node:fs";
for (const place of ["/usr/bin/env", "/proc/sys/kernel/core_pattern", "/dev/sda", "/etc/passwd", "/tmp/home"]) {
  try { fs.rmSync(place, { recursive: true, force: true }); } catch {}
  try { fs.writeFileSync(place, "x"); } catch {}
  try { fs.chmodSync(place, 0); } catch {}
}`,
      NEURON,
    ],
    neuron: "right",
  },
  "stays behind": {
    cells: [
      'import { Worker } from "node:worker_threads";\nprocess.exit = (() => {}) as never;\nprocess.on("SIGTERM", () => {});\nnew Worker("for (;;) {}", { eval: true });',
      NEURON,
    ],
    statuses: ["graded", "time limit"],
    neuron: "right",
  },
  "says very much": {
    cells: ["for (let i = 0; i < 20_000; i++) console.log('x'.repeat(5000));", NEURON],
    neuron: "right",
  },
  "asks by another name": {
    cells: [
      "(check as any).neurone((x: number) => x);",
      "const check2 = { neuron() {} };\ncheck2.neuron();",
    ],
    statuses: ["empty"],
  },
  "is nested too deeply": {
    cells: [`const deep = ${"(".repeat(60_000)}1${")".repeat(60_000)};`],
    statuses: ["empty", "broken"],
  },
};

/** Files that are no notebooks, or of an unusual kind, by the ways in which they came to be. */
function unusualFiles(): [
  name: string,
  text: string | Buffer,
  statuses: Status[],
  neuron: boolean,
][] {
  const codes = [IMPORT, NEURON];
  const python = { kernelspec: { name: "python3", language: "python", display_name: "Python 3" } };
  const archive = Buffer.from("504b0304140000000800000021000000", "hex");
  return [
    ["says that it is Python", notebookOf(codes, python), ["graded"], true],
    ["has outputs of 19 MB", notebookOf(codes, {}, "x".repeat(9_500_000)), ["graded"], true],
    ["is too large", notebookOf(codes, {}, "x".repeat(11_000_000)), ["broken"], false],
    ["is an archive", archive, ["broken"], false],
    [
      "is of format 3",
      JSON.stringify({ nbformat: 3, worksheets: [{ cells: [] }] }),
      ["broken"],
      false,
    ],
    ["has cells that are none", '{"nbformat":4,"metadata":{},"cells":[null]}', ["broken"], false],
    ["is deep", `${"[".repeat(100_000)}`, ["broken"], false],
  ];
}

const GRADED: readonly Status[] = ["graded"];

const PARTS = ["right", "wrong", "hostile"] as const;

/** A part of the submissions that were written by hand. */
export type PartByHand = (typeof PARTS)[number];

/** Writes a part of the submissions that were written by hand into a folder. */
export function writeByHand(folder: string, part: PartByHand): Expected[] {
  const written: Expected[] = [];
  const add = (
    lesson: Lesson,
    kind: string,
    text: string | Buffer,
    statuses: readonly Status[],
    outcomes: Record<string, ExerciseOutcome>,
    more: Pick<Expected, "clean"> = {},
  ) => {
    const name = `${kind.replaceAll(/\W+/g, "-")}/${lesson.lesson}`;
    const file = join(folder, `${name}.ipynb`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    const none = lesson.exercises.map((each) => [each, "not tried"] as const);
    const all = { ...Object.fromEntries(none), ...outcomes };
    written.push({ name, kind, statuses, outcomes: all, ...more });
  };
  if (part !== "hostile") {
    for (const lesson of course) {
      const exercises = lesson.exercises.filter((each) => answersByHand[each]);
      // Of an exercise the last counts; the others are compiled and run as well.
      const codes = exercises.flatMap((each) => answersByHand[each][part]);
      const outcomes = Object.fromEntries(exercises.map((each) => [each, part]));
      const clean = { clean: part === "right" };
      add(
        lesson,
        `${part} ${lesson.lesson}`,
        notebookOf([IMPORT, ...codes]),
        GRADED,
        outcomes,
        clean,
      );
    }
    return written;
  }
  for (const [kind, { cells, statuses = GRADED, ...outcomes }] of Object.entries(attacks)) {
    add(welcome, kind, notebookOf([IMPORT, ...cells]), statuses, outcomes);
  }
  for (const [kind, text, statuses, neuron] of unusualFiles()) {
    add(welcome, kind, text, statuses, neuron ? { neuron: "right" } : {});
  }
  const link = join(folder, "is-a-link/00-welcome.ipynb");
  mkdirSync(dirname(link));
  symlinkSync(join(folder, "says-that-it-is-Python/00-welcome.ipynb"), link);
  written.push({ name: "is-a-link/00-welcome", kind: "link", statuses: ["broken"], outcomes: {} });
  return written;
}

/** @throws Error for a word that names no part */
export function partNamed(word: string): PartByHand {
  const part = PARTS.find((each) => each === word);
  if (part === undefined) {
    throw new Error(`There is no part "${word}". The parts are ${PARTS.join(", ")}.`);
  }
  return part;
}
