import { median } from "../training/contest";
import type { Figures } from "./measure";

/** One kernel's figures: the median of its rounds. */
export interface KernelRow {
  kernel: string;
  figures: Figures;
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
  importMs: "import of @tensorflow/tfjs",
  afterImportMs: "a cell after that",
  completionMs: "Tab",
  inspectionMs: "Shift-Tab",
  memoryMb: "memory after the import",
  growthMb: "growth over 200 cells",
};
const KEYS = Object.keys(TITLES) as (keyof Figures)[];

export function medians(rounds: Figures[]): Figures {
  const entries = KEYS.map((key) => {
    const values = rounds.flatMap((figures) => figures[key] ?? []);
    return [key, values.length > 0 ? median(values) : null];
  });
  return Object.fromEntries(entries) as Figures;
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
  add("start at most 1.2 x ipykernel's", own?.startMs, python && 1.2 * python.startMs);
  add("start at most 0.5 x tslab's", own?.startMs, tslab && 0.5 * tslab.startMs);
  add("first cell at most 100 ms", own?.firstCellMs, 100);
  add("warm cell at most 15 ms", own?.warmCellMs, 15);
  add("a cell after tfjs at most tslab's", own?.afterImportMs, tslab?.afterImportMs);
  add("the import of tfjs at most tslab's", own?.importMs, tslab?.importMs);
  add(`growth over 200 cells at most ${NO_GROWTH_MB} MB`, own?.growthMb, NO_GROWTH_MB);
  add("Tab at most 50 ms", own?.completionMs, 50);
  add("Shift-Tab at most 50 ms", own?.inspectionMs, 50);
  return goals;
}

/** The figures as a Markdown table, a row a figure and a column a kernel, and the goals below it. */
export function markdown(rows: KernelRow[], goals: Goal[]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const table = [
    line(["", ...rows.map(({ kernel }) => kernel)]),
    line(["---", ...rows.map(() => "---:")]),
    ...KEYS.map((key) =>
      line([TITLES[key], ...rows.map(({ figures }) => format(key, figures[key]))]),
    ),
  ];
  const verdicts = goals.map(
    ({ goal, value, limit, met }) =>
      `* ${met ? "met" : "**missed**"}: ${goal} (${value.toFixed(1)} of ${limit.toFixed(1)})`,
  );
  return [...table, "", ...verdicts].join("\n");
}

function format(key: keyof Figures, value: number | null): string {
  if (value === null) {
    return "";
  }
  return key.endsWith("Mb") ? `${value.toFixed(0)} MB` : `${value.toFixed(value < 20 ? 1 : 0)} ms`;
}
