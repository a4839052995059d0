import { median } from "../training/contest";
import type { Figures } from "./measure";

/** One kernel's figures: the median of its rounds, null where it has none. */
export interface KernelRow {
  kernel: string;
  figures: { [key in keyof Figures]: number | null };
  /** Why it was left out of the rest of the rounds. */
  failure?: string;
}

/** What this project's kernel aims for, and where it stands. */
export interface Goal {
  goal: string;
  value: number;
  limit: number;
  met: boolean;
}

const TITLES: Record<keyof Figures, string> = {
  startMs: "start to ready",
  firstCellMs: "first `1+1` after an idle second",
  warmCellMs: "warm `1+1`",
  slowCellMs: "99 of 100 of 1,000 such cells",
  importMs: "import of @tensorflow/tfjs",
  afterImportMs: "a cell after that",
  completionMs: "Tab",
  inspectionMs: "Shift-Tab",
  memoryMb: "memory after the import",
  growthMb: "growth over 200 cells",
  rateMs: "from a slider to a training step",
  figureMs: "from a slider to `interact`'s figure",
};
const KEYS = Object.keys(TITLES) as (keyof Figures)[];

export function medians(rounds: Figures[]): KernelRow["figures"] {
  const entries = KEYS.map((key) => {
    const values = rounds.flatMap((figures) => figures[key] ?? []);
    return [key, values.length > 0 ? median(values) : null];
  });
  return Object.fromEntries(entries) as KernelRow["figures"];
}

/** Growth that a collector's moods account for, in megabytes. */
const NO_GROWTH_MB = 10;

/** The project's goals, as far as the kernels that they compare with were measured. */
export function goalsOf(rows: KernelRow[]): Goal[] {
  const figuresOf = (name: string) => rows.find(({ kernel }) => kernel === name)?.figures;
  const own = figuresOf("karenina");
  const python = figuresOf("python3");
  const tslab = figuresOf("tslab");
  const goals: Goal[] = [];
  const add = (
    goal: string,
    value: number | null | undefined,
    limit: number | null | undefined,
  ) => {
    if (typeof value === "number" && typeof limit === "number") {
      goals.push({ goal, value, limit, met: value <= limit });
    }
  };
  const times = (factor: number, value: number | null | undefined) =>
    typeof value === "number" ? factor * value : value;
  add("start at most 1.2 x ipykernel's", own?.startMs, times(1.2, python?.startMs));
  add("start at most 0.5 x tslab's", own?.startMs, times(0.5, tslab?.startMs));
  add("first cell at most 100 ms", own?.firstCellMs, 100);
  add("warm cell at most 15 ms", own?.warmCellMs, 15);
  add("99 of 100 warm cells at most 10 ms", own?.slowCellMs, 10);
  add("a cell after tfjs at most tslab's", own?.afterImportMs, tslab?.afterImportMs);
  add("the import of tfjs at most tslab's", own?.importMs, tslab?.importMs);
  add(`growth over 200 cells at most ${NO_GROWTH_MB} MB`, own?.growthMb, NO_GROWTH_MB);
  add("a slider reaches a training step within 50 ms", own?.rateMs, 50);
  add("a figure follows its slider within 60 ms", own?.figureMs, 60);
  add("Tab at most 50 ms", own?.completionMs, 50);
  add("Shift-Tab at most 50 ms", own?.inspectionMs, 50);
  return goals;
}

/**
 * The figures as a Markdown table, a row a figure and a column a kernel; below it the goals and which
 * kernels failed.
 */
export function markdown(rows: KernelRow[], goals: Goal[]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const table = [
    line(["", ...rows.map(({ kernel }) => kernel)]),
    line(["---", ...rows.map(() => "---:")]),
    ...KEYS.map((key) => line([TITLES[key], ...rows.map((row) => format(key, row))])),
  ];
  const verdicts = goals.map(
    ({ goal, value, limit, met }) =>
      `* ${met ? "met" : "**missed**"}: ${goal} (${value.toFixed(1)} of ${limit.toFixed(1)})`,
  );
  const failures = rows
    .filter(({ failure }) => failure !== undefined)
    .map(({ kernel, failure }) => `* **failed**: ${kernel}, ${failure?.split("\n")[0]}`);
  return [...table, "", ...verdicts, ...failures].join("\n");
}

function format(key: keyof Figures, { figures, failure }: KernelRow): string {
  const value = figures[key];
  if (value === null) {
    return failure === undefined ? "" : "failed";
  }
  return key.endsWith("Mb") ? `${value.toFixed(0)} MB` : `${value.toFixed(value < 20 ? 1 : 0)} ms`;
}
