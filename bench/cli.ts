// npm run bench -- [WORKLOADS]: the library beside PyTorch, Keras and plain tfjs on this machine.
import { Command } from "commander";
import { positiveInteger, share } from "./arguments";
import { benchKernels, KERNEL_REPORT, type KernelBenchOptions } from "./kernel";
import {
  benchMnist,
  MNIST_REPORT,
  type MnistBenchOptions,
  markdownReport,
  mnistPrograms,
} from "./mnist";
import {
  benchLive,
  benchTraining,
  names,
  reportFile,
  writeReport,
  writeTableInto,
} from "./training";

interface BenchOptions {
  rounds: number;
  engines?: string[];
  readme?: string;
}

const program = new Command("bench")
  .description(
    "Times the course's workloads in this library, plain tfjs-layers, PyTorch and Keras, which take " +
      "turns. Writes build/bench/report.json and prints a table for the README.",
  )
  .argument("[workloads...]", `any of ${names.join(", ")}`, names)
  .option("--rounds <number>", "how many turns every engine gets", positiveInteger, 7)
  .option("--engines <names...>", "only these, such as karenina pytorch")
  .option("--readme <file>", "put the table between the two bench comments of this file too")
  .action(async (workloads: string[], options: BenchOptions) => {
    const unknown = workloads.find((name) => !names.some((known) => name.startsWith(known)));
    if (unknown) {
      program.error(`There is no workload "${unknown}"; there are ${names.join(", ")}.`);
    }
    const report = await benchTraining(workloads, options);
    writeReport(report);
    if (options.readme) {
      writeTableInto(options.readme, report);
    }
    console.log(report.markdown);
    const disturbed = report.rows.filter((row) => row.foreignCores > 0.1).length;
    if (disturbed > 0) {
      console.error(
        `Other work on this machine disturbed ${disturbed} of ${report.rows.length} measurements: ` +
          "their ratios are no claims. Run it again when nothing else does.",
      );
    }
    console.error(`The report is in ${reportFile}.`);
  });

// All commands have options of these names: those after a command's name are its own.
program.enablePositionalOptions();
program
  .command("kernel")
  .description("Times Jupyter kernels side by side: this project's, stock tslab, ipykernel, Deno.")
  .option("--rounds <number>", "how often every kernel gets its turn", positiveInteger, 3)
  .option("--kernels <names...>", "only these, such as karenina tslab")
  .action(async (options: KernelBenchOptions) => {
    const { markdown } = await benchKernels(options);
    console.log(markdown);
    console.error(`The report is in ${KERNEL_REPORT}.`);
  });

program
  .command("mnist")
  .description(
    "Trains the original MNIST program, three tanh layers that read digits row by row, here and in " +
      "PyTorch, and LSTM layers here, and compares how many test digits they get right.",
  )
  .option("--seeds <number>", "how many seeds each program is run with", positiveInteger, 3)
  .option("--iterations <number>", "batches of 64 that each training takes", positiveInteger, 5000)
  .option("--momentum <number>", "of SGD; the original names 0.5 and does not use it", share, 0)
  .option("--independent", "let each program draw its own first weights and order of examples")
  .option("--engines <names...>", `only these of ${mnistPrograms.join(", ")}`, mnistPrograms)
  .action(async (options: Required<MnistBenchOptions>) => {
    const unknown = options.engines.find((name) => !mnistPrograms.includes(name));
    if (unknown) {
      program.error(`There is no engine "${unknown}"; there are ${mnistPrograms.join(", ")}.`);
    }
    console.log(markdownReport(await benchMnist(options)));
    console.error(`The report is in ${MNIST_REPORT}.`);
  });

program
  .command("live")
  .description("Trains W2 silently and with a live chart in turns: what does the chart cost?")
  .option("--rounds <number>", "how many turns each gets", positiveInteger, 6)
  .action(({ rounds }: { rounds: number }) => {
    const { silentMs, liveMs, ratio } = benchLive(rounds);
    const percent = ((ratio - 1) * 100).toFixed(1);
    console.log(
      `${silentMs.toFixed(2)} ms a step in silence, ${liveMs.toFixed(2)} ms with the chart: ${percent} % more.`,
    );
  });

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
