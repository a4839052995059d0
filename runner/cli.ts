import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { findKernelSpec } from "./client";
import { ConsoleListener } from "./console";
import type { Limits } from "./execute";
import { findNotebooks } from "./findNotebooks";
import { runNotebooks } from "./run";
import { INTERRUPTED, stopOnSignals } from "./stopping";

const ROOT = resolve(__dirname, "..");

/**
 * Defaults of each mode. Time limits in seconds: for fast mode those of a hang, for full mode those of
 * a night. Fast mode mostly compiles and draws, by one thread a notebook, so two run at once where
 * there are the cores (each takes about 1 GB); longer trainings use all cores by themselves.
 */
const MODES: Record<string, Limits & { jobs: number }> = {
  fast: { cell: 600, notebook: 1800, jobs: Math.min(2, availableParallelism()) },
  browser: { cell: 1800, notebook: 5400, jobs: 1 },
  lesson: { cell: 1800, notebook: 5400, jobs: 1 },
  full: { cell: 172_800, notebook: 345_600, jobs: 1 },
};

interface CliOptions {
  mode: string;
  kernel: string;
  site?: string;
  jobs?: number;
  write: boolean;
  seeds?: number;
  timeoutCell?: number;
  timeoutNotebook?: number;
  out: string;
}

const program = new Command("notebooks")
  .description(
    "Execute notebooks on a real kernel; no Python needed. Fails where a cell fails, is not run, " +
      "or loses output. A cell tagged raises-exception must raise; skip-execution passes a cell over.",
  )
  .argument("[files...]", "notebooks, folders or glob patterns (default: notebooks/*.ipynb)")
  .addOption(
    new Option("--mode <mode>", "how much the notebooks train: sets KARENINA_MODE")
      .choices(Object.keys(MODES))
      .default("fast"),
  )
  .option(
    "--kernel <name>",
    "karenina, tslab or any installed kernel; lite: the one in the browser, headless: Chromium, or what KARENINA_BROWSER names",
    "karenina",
  )
  .option(
    "--site <folder>",
    "for --kernel lite: what npm run site made (default: the kernel is made for this run)",
  )
  .option(
    "--jobs <n>",
    `notebooks at once (default: ${MODES.fast.jobs} in fast mode, 1 in the others)`,
    count,
  )
  .option("--write", "store the outputs in the notebooks themselves", false)
  .addOption(
    new Option(
      "--seeds <n>",
      "run each notebook n times, first with its own seeds, then with KARENINA_SEED at 2 to n, and " +
        "count how often each assertion holds",
    )
      .argParser(count)
      .conflicts("write"),
  )
  .option("--timeout-cell <s>", "time limit for a cell in seconds, 0 for none", seconds)
  .option("--timeout-notebook <s>", "time limit for a notebook in seconds, 0 for none", seconds)
  .option(
    "--out <folder>",
    "where copies and reports go, relative to the project",
    "build/notebooks",
  )
  .action(run);

async function run(files: string[], options: CliOptions): Promise<void> {
  const outFolder = resolve(ROOT, options.out);
  const mode = MODES[options.mode];
  const stopping = stopOnSignals();
  const listener = new ConsoleListener();
  const pages = options.kernel === "lite" ? await pageKernels(options) : undefined;
  const report = await runNotebooks({
    notebooks:
      files.length > 0 ? findNotebooks(files, folders()) : findNotebooks(["notebooks"], [ROOT]),
    root: ROOT,
    spec: pages ?? findKernelSpec(options.kernel, { root: ROOT }),
    mode: options.mode,
    limits: {
      cell: options.timeoutCell ?? mode.cell,
      notebook: options.timeoutNotebook ?? mode.notebook,
    },
    jobs: options.jobs ?? mode.jobs,
    write: options.write,
    seeds: options.seeds,
    outFolder,
    env: courseVariables(),
    listener,
    signal: stopping,
  }).finally(() => pages?.close());
  listener.summarize(report, relative(process.cwd(), outFolder) || ".");
  process.exitCode = report.notebooks.every(({ ok }) => ok) ? 0 : 1;
  if (stopping.aborted) {
    process.exitCode = INTERRUPTED;
  }
}

/** Loaded where it is asked for: it brings a browser's driver along. */
async function pageKernels({ site, seeds }: CliOptions) {
  if (seeds !== undefined) {
    throw new Error("--seeds counts assertions in a process of Node.js: choose another --kernel.");
  }
  const { PageKernels } =
    require("../scripts/site/run/pageKernels") as typeof import("../scripts/site/run/pageKernels");
  return await PageKernels.open(site === undefined ? undefined : resolve(ROOT, site));
}

/** What named files are relative to: npm runs in the project's folder, INIT_CWD is the user's. */
function folders(): string[] {
  const working = process.cwd() === ROOT ? (process.env.INIT_CWD ?? ROOT) : process.cwd();
  return [...new Set([working, ROOT])];
}

/** What the user set for this run wins over what set-up wrote into the kernel's specification. */
function courseVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith("KARENINA_")),
  );
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("A whole number from 1 is needed.");
  }
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || text.trim() === "") {
    throw new InvalidArgumentError("A number of seconds is needed, 0 for no limit.");
  }
  return value;
}

program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  // Not process.exitCode: other notebooks may still be running, and their kernels end with us.
  process.exit(1);
});
