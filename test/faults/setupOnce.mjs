// A process of its own for the tests: all of a temporary project's set-up but npm's part.
// node setupOnce.mjs PROJECT ENVIRONMENT PROBE
import * as jupyter from "../../scripts/setup/jupyter.mjs";
import * as kernelBuild from "../../scripts/setup/kernelBuild.mjs";
import * as kernels from "../../scripts/setup/kernels.mjs";
import { projectAt } from "../../scripts/setup/project.mjs";
import { runMain } from "../../scripts/setup/report.mjs";
import { setUp } from "../../scripts/setup/steps.mjs";
import * as tensorflow from "../../scripts/setup/tensorflow.mjs";

const [root, env, probe] = process.argv.slice(2);
await runMain(async () => {
  const project = { ...projectAt(root, JSON.parse(env)), probe };
  await setUp(project, { steps: [tensorflow, kernelBuild, jupyter, kernels] });
  return 0;
});
