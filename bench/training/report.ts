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
  /** Half of all rounds' ratios lie within these. */
  ratioSpread: Record<string, [number, number]>;
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
    const ratios = results
      .filter(({ engine }) => engine !== result.engine)
      .map(({ engine, turns }) => ({ engine, each: turns.map((t, i) => t / result.turns[i]) }));
    const of = <Value>(value: (each: number[]) => Value) =>
      Object.fromEntries(ratios.map(({ engine, each }) => [engine, value(each)]));
    return {
      workload: workload.name,
      engine: result.engine,
      secondsPerStep,
      spread: [quantile(result.turns, 0.25), quantile(result.turns, 0.75)],
      ratio: of(median),
      ratioSpread: of((each) => [quantile(each, 0.25), quantile(each, 0.75)]),
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

/** The columns of seconds, in their order, with their headings. */
const ENGINES: Record<string, string> = {
  karenina: "karenina",
  pytorch: "PyTorch",
  "pytorch-compiled": "torch.compile",
  keras: "Keras",
  jax: "JAX",
  "tfjs-layers": "tfjs-layers",
  "karenina-wasm": "karenina on WebAssembly",
};

/**
 * The rows as a Markdown table for the README, one line a workload: seconds, this library beside the fastest of
 * the others, and its peak memory beside PyTorch's.
 */
export function markdownTable(workloads: Workload[], rows: Row[]): string {
  const engines = Object.keys(ENGINES).filter((name) => rows.some(({ engine }) => engine === name));
  const head = [
    "workload",
    ...engines.map((engine) => ENGINES[engine]),
    "the fastest other / karenina (half of all turns)",
    "of the peak",
    "memory (PyTorch's)",
  ];
  const lines = workloads.flatMap((workload) => {
    const find = (name: string) =>
      rows.find((row) => row.workload === workload.name && row.engine === name);
    const own = find("karenina");
    if (!own) {
      return [];
    }
    const others = rows
      .filter((row) => row.workload === workload.name && !row.engine.startsWith("karenina"))
      .sort((a, b) => a.secondsPerStep - b.secondsPerStep);
    return [
      [
        `**${workload.name}** ${workload.title}`,
        ...engines.map((engine) => time(find(engine)?.secondsPerStep)),
        others.length === 0 ? "" : ratioBeside(own, others[0].engine),
        `${Math.round(100 * own.fractionOfPeak)} %`,
        [own, find("pytorch")].flatMap((row) => (row ? [megabytes(row)] : [])).join(" (") +
          (find("pytorch") ? ")" : ""),
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

function ratioBeside(own: Row, other: string): string {
  const [low, high] = own.ratioSpread[other].map((each) => each.toFixed(2));
  return `${own.ratio[other].toFixed(2)} x (${low} to ${high})`;
}

function megabytes({ peakMemoryBytes }: Row): string {
  return `${Math.round(peakMemoryBytes / 2 ** 20)} MB`;
}
