// node scripts/launch.mjs FILE.ts ARGUMENTS: one of the project's TypeScript programs, after the
// set-up that it needs. Its exit status and signals are passed through; set-up speaks on stderr.
import { runProgram } from "./setup/program.mjs";
import { project } from "./setup/project.mjs";
import { runMain, SetupError } from "./setup/report.mjs";
import { FOR_NOTEBOOKS, FOR_PROGRAMS, setUp } from "./setup/steps.mjs";

await runMain(async () => {
  const [file, ...args] = process.argv.slice(2);
  if (!file) {
    throw new SetupError("Usage: node scripts/launch.mjs FILE.ts ARGUMENTS");
  }
  // What lies in these folders starts kernels.
  const steps = /^(kernel|bench|scripts[\\/]matrix)[\\/]/.test(file) ? FOR_NOTEBOOKS : FOR_PROGRAMS;
  await setUp(project, { steps, quick: true, stream: process.stderr });
  return runProgram(project, file, args);
});
