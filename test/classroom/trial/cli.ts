// npm run test:classroom: many students at once on JupyterHub, and what keeps them apart.
import { Command } from "commander";
import { positiveInteger } from "../../../bench/arguments";
import { CLASSROOM_REPORT, classroomMarkdown, type TrialOptions, tryClassroom } from ".";

const program = new Command("test:classroom")
  .description(
    "As root, on a machine for trying: makes Unix users, and lets them run a lesson in fast mode at " +
      "the same time on JupyterHub. Measures memory and times, and tries what keeps students apart.",
  )
  .option("--students <number>", "how many there are, at least two", positiveInteger, 8)
  .option("--hub <folder>", "the hub's Python environment", "/opt/karenina-hub")
  .option("--kernel <name>", "karenina or tslab", "karenina")
  .option("--notebook <file>", "of the lessons", "notebooks/07-anna-karenina.ipynb")
  .action(async (options: TrialOptions) => {
    if (options.students < 2) {
      program.error("One student has nobody to be kept apart from.");
    }
    const report = await tryClassroom(options);
    console.log(classroomMarkdown(report));
    console.error(`The report is in ${CLASSROOM_REPORT}.`);
    if (report.barriers.some(({ holds }) => !holds)) {
      process.exitCode = 1;
    }
  });

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
