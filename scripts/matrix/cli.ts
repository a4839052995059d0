// npm run test:matrix: every lesson in fast mode over seeds, engines and data.
import "../../lib/node";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { shippedRegistry } from "../../lib/datasets/registry";
import { findKernelSpec } from "../../runner/client";
import { findNotebooks } from "../../runner/findNotebooks";
import type { KernelMaker } from "../../runner/kernels";
import { parseNotebook, writeAtomically } from "../../runner/notebookFile";
import { INTERRUPTED, stopOnSignals } from "../../runner/stopping";
import { PageKernels } from "../site/run/pageKernels";
import { type Data, dataSetsIn, fetchData, neededFor, replaceable } from "./data";
import { ENGINES, type Engine, whyLeftOut } from "./engines";
import { type Lesson, planRuns, sourcesKey } from "./plan";
import { runMatrix } from "./run";
import { makeTable, markdownOf, seedName } from "./table";

const ROOT = resolve(__dirname, "../..");

/** Seconds: those of a hang, in a run that others share the processors with. */
const LIMITS = { cell: 1800, notebook: 3600 };

const DATA: Data[] = ["real", "stand-ins"];

interface CliOptions {
  seeds: number;
  lessons?: RegExp;
  engines: readonly string[];
  data: readonly Data[];
  jobs: number;
  fresh: boolean;
  out: string;
}

new Command("test:matrix")
  .description(
    "Run lessons in fast mode over seeds, engines and data, and count how often each assertion " +
      "holds. Results are kept: a second start runs what is missing or changed.",
  )
  .argument("[files...]", "notebooks, folders or glob patterns (default: notebooks/*.ipynb)")
  .option("--seeds <n>", "a lesson's own seeds, then KARENINA_SEED at 2 to n", count, 5)
  .option("--lessons <pattern>", "only notebooks whose name matches this regular expression", regex)
  .option(
    "--engines <names>",
    "names with commas between them",
    choose(ENGINES.map(({ name }) => name)),
    ENGINES.map(({ name }) => name),
  )
  .option("--data <names>", "the same", choose(DATA), DATA)
  .option("--jobs <n>", "runs at once", count, 2)
  .option("--fresh", "run also what has a result", false)
  .option("--out <folder>", "where results and the table go", "build/matrix")
  .action(main)
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    // Not process.exitCode: kernels may still be running, and they end with this process.
    process.exit(1);
  });

async function main(files: string[], options: CliOptions): Promise<void> {
  const folder = resolve(ROOT, options.out);
  mkdirSync(folder, { recursive: true });
  const stopping = stopOnSignals();
  const leftOut: string[] = [];
  const leave = (line: string) => {
    leftOut.push(line);
    console.log(`Left out: ${line}`);
  };
  const lessons = await preparedLessons(files, options, folder, leave);
  const engines = await usableEngines(options.engines, leave);
  const runs = planRuns({ lessons, engines, seeds: options.seeds, sources: sourcesKey(ROOT) });
  console.log(`${runs.length} runs, ${options.jobs} at once; results in ${folder}`);
  // Made when the first run asks for it: often nothing is left to do in a page.
  let opened: Promise<PageKernels> | undefined;
  const pages: KernelMaker = {
    name: "page",
    async start(request) {
      opened ??= PageKernels.open();
      return await (await opened).start(request);
    },
  };
  const results = await runMatrix({
    runs,
    spec: findKernelSpec("karenina", { root: ROOT }),
    pages,
    limits: LIMITS,
    jobs: options.jobs,
    folder,
    fresh: options.fresh,
    signal: stopping,
    onResult: ({ lesson, engine, data, seed }, { ok, seconds, error }, over, of) => {
      const where = `${lesson.name}  ${engine.name}, data ${data}, ${seedName(seed)}`;
      console.log(`${over}/${of} ${ok ? "ok  " : "FAIL"} ${where}  ${seconds.toFixed(1)} s`);
      if (error) {
        console.log(`       ${error}`);
      }
    },
  }).finally(async () => await (await opened)?.close());
  const table = makeTable({ runs, results, engines, leftOut });
  const markdown = markdownOf(table);
  writeAtomically(join(folder, "table.md"), markdown);
  writeAtomically(join(folder, "table.json"), `${JSON.stringify(table, null, 2)}\n`);
  console.log(`\n${markdown}`);
  process.exitCode = table.runs.good === runs.length ? 0 : 1;
  if (stopping.aborted) {
    process.exitCode = INTERRUPTED;
  }
}

/** The lessons with their data at hand: what cannot be had is left out, never replaced in silence. */
async function preparedLessons(
  files: string[],
  options: CliOptions,
  folder: string,
  leave: (line: string) => void,
): Promise<Lesson[]> {
  const working = process.env.INIT_CWD ?? process.cwd();
  const found = findNotebooks(files.length > 0 ? files : ["notebooks"], [working, ROOT]);
  const registry = shippedRegistry();
  const lessons: Lesson[] = [];
  for (const path of found.filter((path) => options.lessons?.test(basename(path)) ?? true)) {
    const text = readFileSync(path, "utf8");
    const name = relative(join(ROOT, "notebooks"), path).startsWith("..") ? path : basename(path);
    const names = dataSetsIn(parseNotebook(text, path), registry);
    const elsewhere = replaceable(names, registry);
    const wanted: readonly Data[] = elsewhere.length > 0 ? options.data : ["either"];
    const data: Data[] = [];
    for (const one of wanted) {
      const needed = neededFor(one, names, registry);
      const missing = await fetchData(needed, one, folder);
      for (const [set, why] of missing) {
        leave(`${name} with data ${one}, since "${set}" cannot be had: ${why}`);
      }
      if (missing.size === 0) {
        data.push(one);
      }
    }
    lessons.push({ path, name, text, data });
  }
  if (lessons.length === 0) {
    throw new Error("No lesson's name matches the pattern of --lessons.");
  }
  return lessons;
}

async function usableEngines(
  names: readonly string[],
  leave: (line: string) => void,
): Promise<Engine[]> {
  const usable: Engine[] = [];
  for (const engine of ENGINES.filter(({ name }) => names.includes(name))) {
    const why = await whyLeftOut(engine, ROOT);
    if (why) {
      leave(`${engine.title} (${engine.name}): ${why}`);
    } else {
      usable.push(engine);
    }
  }
  if (usable.length === 0) {
    throw new Error("None of the engines asked for can be run here.");
  }
  return usable;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("A whole number from 1 is needed.");
  }
  return value;
}

function regex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** A list with commas of some of the names. */
function choose<Name extends string>(names: readonly Name[]) {
  return (text: string): Name[] =>
    text.split(",").map((part) => {
      const chosen = names.find((name) => name === part.trim());
      if (chosen === undefined) {
        throw new InvalidArgumentError(`"${part}" is none of ${names.join(", ")}.`);
      }
      return chosen;
    });
}
