import { median, type Performance } from "./contest";
import type { Workload } from "./workloads";

/** One engine on one workload. */
export interface Row {
  workload: string;
  engine: string;
  /** The median over all turns of their medians. */
  secondsPerStep: number;
  /** Half of all turns lie within this range. */
  spread: [number, number];
  /** Their seconds over this engine's, the median over rounds: above 1, this engine is faster. */
  ratio: Record<string, number>;
  /** Part of the machine's matrix product speed that the workload's matrix products took. */
  fractionOfPeak: number;
  peakMemoryBytes: number;
  coresBusy: number;
  /** Work of others on the machine meanwhile, in cores: above 0.1 the figures are disturbed. */
  foreignCores: number;
  loss: number | null;
}

export function makeRows(workload: Workload, results: Performance[], peakGflops: number): Row[] {
  return results.map((result) => {
    const secondsPerStep = median(result.turns);
    const ratio = results
      .filter(({ engine }) => engine !== result.engine)
      .map(({ engine, turns }) => [engine, median(turns.map((t, i) => t / result.turns[i]))]);
    return {
      workload: workload.name,
      engine: result.engine,
      secondsPerStep,
      spread: [quantile(result.turns, 0.25), quantile(result.turns, 0.75)],
      ratio: Object.fromEntries(ratio),
      fractionOfPeak: workload.gflop / secondsPerStep / peakGflops,
      peakMemoryBytes: result.peakBytes,
      coresBusy: result.cores,
      foreignCores: result.foreignCores,
      loss: result.loss,
    };
  });
}

function quantile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

const ENGINES = ["karenina", "tfjs-layers", "pytorch", "pytorch-fused", "keras"];

/** The rows as a Markdown table, one line a workload, for the README. */
export function markdownTable(workloads: Workload[], rows: Row[]): string {
  const engines = ENGINES.filter((engine) => rows.some((row) => row.engine === engine));
  const others = engines.filter((engine) => engine !== "karenina");
  const head = [
    "workload",
    ...engines,
    ...others.map((engine) => `${engine} / karenina`),
    "of the peak",
    "memory",
  ];
  const lines = workloads.flatMap((workload) => {
    const find = (engine: string) =>
      rows.find((row) => row.workload === workload.name && row.engine === engine);
    const own = find("karenina");
    if (!own) {
      return [];
    }
    return [
      [
        `**${workload.name}** ${workload.title}`,
        ...engines.map((engine) => time(find(engine)?.secondsPerStep)),
        ...others.map((engine) => (find(engine) ? `${own.ratio[engine].toFixed(2)} x` : "")),
        `${Math.round(100 * own.fractionOfPeak)} %`,
        `${Math.round(own.peakMemoryBytes / 2 ** 20)} MB`,
      ],
    ];
  });
  // Padded as the project's formatter wants tables in the README.
  const widths = head.map((_, column) =>
    Math.max(...[head, ...lines].map((cells) => cells[column].length)),
  );
  const format = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [format(head), format(rule), ...lines.map(format)].join("\n");
}

function time(seconds: number | undefined): string {
  if (seconds === undefined) {
    return "";
  }
  return seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toFixed(3)} s`;
}
