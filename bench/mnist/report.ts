import type { Run } from "./program";

/** All runs of one program, one a seed. */
export interface Result {
  name: string;
  runs: Run[];
}

/** Of one program: the share of right answers after the last iteration, in percent, and the time. */
export interface Row {
  name: string;
  title: string;
  accuracies: number[];
  mean: number;
  /** Of the seeds, with n - 1; NaN for one seed. */
  deviation: number;
  /** Mean time of a training. */
  seconds: number;
}

/** The whole comparison. */
export interface MnistReport {
  /** `mnist`, or `mnist-10k` where the whole set could not be had. */
  data: string;
  rows: Row[];
  /** Mean of the library minus mean of PyTorch, in points; undefined where one of them did not run. */
  difference?: number;
  results: Result[];
}

/** Puts the runs of all seeds together. */
export function makeReport(data: string, results: Result[]): MnistReport {
  const rows = results.map(({ name, runs }): Row => {
    const accuracies = runs.map(({ lines }) => 100 * lines.at(-1)!.accuracy);
    const middle = mean(accuracies);
    const squares = accuracies.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    return {
      name,
      title: titleOf(runs[0]),
      accuracies,
      mean: middle,
      deviation: Math.sqrt(squares / (accuracies.length - 1)),
      seconds: mean(runs.map(({ lines }) => lines.at(-1)!.seconds)),
    };
  });
  const of = (name: string) => rows.find((row) => row.name === name)?.mean;
  const [ours, theirs] = [of("karenina"), of("pytorch")];
  const difference = ours === undefined || theirs === undefined ? undefined : ours - theirs;
  return { data, rows, ...(difference === undefined ? {} : { difference }), results };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function titleOf({ settings }: Run): string {
  const { cell, optimizer, learningRate, momentum, batchSize, iterations } = settings;
  const rule = optimizer === "adam" ? "Adam" : "SGD";
  const kept = momentum > 0 ? ` with momentum ${momentum}` : "";
  return (
    `${cell === "lstm" ? "LSTM" : "tanh RNN"} 3 x 100, ${rule} ${learningRate}${kept}, ` +
    `batch ${batchSize}, ${iterations} iterations`
  );
}

/** The report as a Markdown table and a sentence. */
export function markdownReport({ data, rows, difference }: MnistReport): string {
  const seeds = rows[0]?.accuracies.map((_, seed) => `seed ${seed + 1}`) ?? [];
  const head = ["program", ...seeds, "mean", "deviation", "a training takes"];
  const lines = rows.map((row) => [
    `**${row.name}** ${row.title}`,
    ...row.accuracies.map((value) => `${value.toFixed(2)} %`),
    `${row.mean.toFixed(2)} %`,
    Number.isNaN(row.deviation) ? "" : row.deviation.toFixed(2),
    `${row.seconds.toFixed(0)} s`,
  ]);
  const format = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const table = [format(head), format(head.map(() => "---")), ...lines.map(format)].join("\n");
  const compared =
    difference === undefined
      ? ""
      : `\n\nThe library's mean is ${Math.abs(difference).toFixed(2)} points ` +
        `${difference < 0 ? "below" : "above"} PyTorch's.`;
  return `Right answers on the test digits of ${data}:\n\n${table}${compared}`;
}
