// The test files in test/, run by Node's own runner.
import fs from "node:fs";
import path from "node:path";
import { findFiles } from "../setup/findFiles.mjs";
import { nodeOptions, runInForeground } from "../setup/program.mjs";
import { failuresOf } from "./failures.mjs";

/**
 * @param {import("../setup/project.mjs").Project} project
 * @param {object} [options]
 * @param {string} [options.pattern] a regular expression for the paths of the files to run
 * @param {boolean} [options.browser] whether those that need a browser are among them
 * @param {boolean} [options.faults] those of `npm run test:faults`, which take long, in place of the others
 * @param {boolean} [options.site] those of `npm run test:site`, which install JupyterLite, in place of the others
 * @returns {string[]} paths relative to the project
 */
export function testFiles(
  project,
  { pattern = "", browser = true, faults = false, site = false } = {},
) {
  const wanted = new RegExp(pattern);
  const chosen = { "test/faults/": faults, "test/site/": site };
  const others = !faults && !site;
  const isChosen = (file) =>
    Object.entries(chosen).find(([folder]) => file.startsWith(folder))?.[1] ?? others;
  return findFiles(path.join(project.root, "test"), (file) => /\.test\.(ts|mjs)$/.test(file))
    .map((file) => `test/${file}`)
    .filter((file) => isChosen(file) && wanted.test(file))
    .filter((file) => browser || !file.startsWith("test/browser/"));
}

/**
 * @param {import("../setup/project.mjs").Project} project
 * @param {string[]} files relative to the project
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.show] whether the tests' names and failures are printed
 * @param {number} [options.limitSeconds] for one that hangs
 * @returns {Promise<import("./summary.mjs").Counts>}
 */
export async function runTestFiles(project, files, options = {}) {
  const { env = project.env, show = true, limitSeconds = 900 } = options;
  const results = path.join(project.build, "test", "results.tap");
  fs.mkdirSync(path.dirname(results), { recursive: true });
  fs.rmSync(results, { force: true });
  // A runner that finds itself inside another one reports to that and not to us.
  const { NODE_TEST_CONTEXT: _, ...rest } = env;
  const code = await runInForeground(
    process.execPath,
    [
      ...nodeOptions(project),
      "-r",
      project.doors,
      // Two at once: most files start processes of their own.
      "--test",
      "--test-concurrency=2",
      `--test-timeout=${1000 * limitSeconds}`,
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      "--test-reporter=tap",
      `--test-reporter-destination=${results}`,
      ...files,
    ],
    { cwd: project.root, env: rest, stdio: show ? "inherit" : "ignore" },
  );
  const tap = fs.existsSync(results) ? fs.readFileSync(results, "utf8") : "";
  const failures = failuresOf(tap, project.root);
  const counts = { ...countTap(tap), ...(failures.length > 0 && { failures }) };
  // The runner itself may fail, or a process die after its last test: that counts, too.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string} tap what Node's `tap` reporter wrote
 * @returns {import("./summary.mjs").Counts}
 */
export function countTap(tap) {
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(tap)?.[1] ?? 0);
  return {
    passed: count("pass"),
    failed: count("fail") + count("cancelled"),
    skipped: count("skipped") + count("todo"),
  };
}
