// Set-up as a list of steps: each is checked by its outcome and carried out where that is missing.
import path from "node:path";
import * as jupyter from "./jupyter.mjs";
import * as kernelBuild from "./kernelBuild.mjs";
import * as kernels from "./kernels.mjs";
import { withLock } from "./lock.mjs";
import * as npm from "./npm.mjs";
import * as operations from "./operations.mjs";
import { reporter, SetupError } from "./report.mjs";
import * as tensorflow from "./tensorflow.mjs";

/** What TypeScript programs of the project need. */
export const FOR_PROGRAMS = [npm, tensorflow, operations];
/** What notebooks need to run without Jupyter. */
export const FOR_NOTEBOOKS = [npm, tensorflow, operations, kernelBuild, kernels];
export const ALL = [npm, tensorflow, operations, kernelBuild, jupyter, kernels];

/**
 * Makes sure that the steps' outcomes are there.
 *
 * @param {import("./project.mjs").Project} project
 * @param {object} [options]
 * @param {object[]} [options.steps] in the order in which they build upon each other
 * @param {string} [options.backend] the value of --backend
 * @param {boolean} [options.quick] believe files instead of computing, where both would do
 * @param {boolean} [options.retry] try again what was not possible last time
 * @param {boolean} [options.verbose] report also the steps that had nothing to do
 * @param {object[]} [options.optional] steps whose failure is reported and leaves the others be
 * @param {NodeJS.WriteStream} [options.stream] where the lines go
 */
export async function setUp(project, options = {}) {
  const { steps = ALL, verbose = false, optional = [], stream } = options;
  const { quick = false, retry = false } = options;
  const wanted = tensorflow.wantedBackend(options.backend, project.env);
  const report = reporter({ stream });
  const context = { ...wanted, quick, retry, report };

  for (const step of steps) {
    const start = performance.now();
    const elapsed = () => performance.now() - start;
    let state = await step.check(project, context);
    if (state.ok) {
      if (verbose && state.detail) {
        report.done(step.name, state.detail, elapsed());
      }
      continue;
    }
    try {
      const detail = await withLock(
        path.join(project.build, "setup.lock"),
        async () => {
          // Whoever held the lock may have done the work.
          state = await step.check(project, context);
          if (state.ok) {
            return state.detail;
          }
          report.doing(step.name, "setting up");
          return await step.install(project, context);
        },
        (owner) => report.say(`  Waiting for another set-up (process ${owner}).`),
      );
      report.done(step.name, detail, elapsed());
    } catch (error) {
      if (!(error instanceof SetupError && optional.includes(step))) {
        throw error;
      }
      report.done(step.name, error.message, elapsed());
    }
  }
}
