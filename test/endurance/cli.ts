// npm run test:endurance -- [PARTS]: does anything grow over hours?
import { Command } from "commander";
import { positiveInteger } from "../../bench/arguments";
import {
  type EnduranceOptions,
  type EndurancePart,
  enduranceLines,
  enduranceParts,
  enduranceReport,
  endure,
} from ".";

const program = new Command("test:endurance")
  .description(
    "Runs for hours: one kernel's session of many cells, many notebooks by one runner, a long " +
      "training with a live chart. Do time, memory and open files stay as they are?",
  )
  .argument("[parts...]", `any of ${enduranceParts.join(", ")}`, enduranceParts)
  .option("--cells <number>", "of the session", positiveInteger, 5000)
  .option("--minutes <number>", "that the session is spread over", positiveInteger, 120)
  .option("--notebooks <number>", "that are executed one after another", positiveInteger, 1000)
  .option("--steps <number>", "of the training", positiveInteger, 20_000)
  .action(async (parts: EndurancePart[], options: EnduranceOptions) => {
    const unknown = parts.find((part) => !enduranceParts.includes(part));
    if (unknown) {
      program.error(`There is no "${unknown}"; there are ${enduranceParts.join(", ")}.`);
    }
    for (const part of parts) {
      const verdicts = await endure(part, options);
      console.log(enduranceLines(part, verdicts).join("\n"));
      console.error(`The report is in ${enduranceReport(part)}.`);
      if (verdicts.some(({ flat }) => !flat)) {
        process.exitCode = 1;
      }
    }
  });

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
