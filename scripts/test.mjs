// npm test: set-up where it is missing, then lint, types, the tests and every lesson in fast mode.
// `npm test -- PATTERN` runs only the test files whose path matches the regular expression.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as jupyter from "./setup/jupyter.mjs";
import { runInForeground, SIGNALS } from "./setup/program.mjs";
import { project } from "./setup/project.mjs";
import { runMain, SetupError } from "./setup/report.mjs";
import { ALL, setUp } from "./setup/steps.mjs";
import { findChromium } from "./test/chromium.mjs";
import { runTestFiles, testFiles } from "./test/files.mjs";
import { lessons, runNotebooks } from "./test/notebooks.mjs";
import { SETTINGS, sortByOneDnn } from "./test/oneDnn.mjs";
import { summarize } from "./test/summary.mjs";

/** The lesson that proves that stock tslab can still be used. */
const TSLAB_LESSON = "notebooks/07-anna-karenina.ipynb";

/** Those that prove that the course runs in a page. */
const PAGE_LESSONS = /\/0[0-2]-/;

/** A program of node_modules whose exit status is the verdict. */
async function runTool(...command) {
  const [tool, ...args] = command;
  const file = path.join(project.nodeModules, tool);
  const code = await runInForeground(process.execPath, [file, ...args], { cwd: project.root });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Why the tests in test/browser cannot run here, or null. */
function whyNoBrowser(chromium) {
  if (!chromium) {
    return "no Chromium was found. Install one (Debian: apt install chromium), or name it in KARENINA_CHROMIUM.";
  }
  return fs.existsSync(project.venvPython)
    ? null
    : "JupyterLab is not installed; `npm run setup` says why.";
}

function checksFor(pattern) {
  const chromium = findChromium();
  const noBrowser = whyNoBrowser(chromium);
  const files = testFiles(project, { pattern, browser: !noBrowser });
  const left = noBrowser ? testFiles(project, { pattern }).length - files.length : 0;
  if (left > 0) {
    console.log(`\nThe ${left} files of test/browser are skipped: ${noBrowser}`);
  }
  if (pattern && files.length + left === 0) {
    throw new SetupError(
      `No test file's path matches "${pattern}", which is read as a regular expression. ` +
        "Try a part of a path below test/, or leave it away to run all.",
    );
  }
  const { once, each } = sortByOneDnn(project, files);
  // What tests run is no part of anybody's history.
  const environment = { ...process.env, KARENINA_HISTORY: "off" };
  if (chromium) {
    environment.KARENINA_CHROMIUM = chromium;
  }
  /** @type {Record<string, () => Promise<import("./test/summary.mjs").Counts>>} */
  const tests = {};
  if (once.length + left > 0) {
    tests.tests = async () => {
      const none = { passed: 0, failed: 0, skipped: 0 };
      const counts =
        once.length > 0 ? await runTestFiles(project, once, { env: environment }) : none;
      return { ...counts, skipped: counts.skipped + left };
    };
  }
  for (const { name, env } of each.length > 0 ? SETTINGS : []) {
    tests[`tests, ${name}`] = () =>
      runTestFiles(project, each, { env: { ...environment, ...env } });
  }
  if (pattern) {
    return tests;
  }
  const all = lessons(project);
  const inPage = all.filter((file) => PAGE_LESSONS.test(file));
  return {
    biome: () => runTool("@biomejs/biome/bin/biome", "check", "."),
    tsc: () => runTool("typescript/bin/tsc", "--noEmit"),
    ...tests,
    "lessons on karenina": () => runNotebooks(project, { kernel: "karenina", files: all }),
    "lessons on tslab": () => runNotebooks(project, { kernel: "tslab", files: [TSLAB_LESSON] }),
    "lessons in a page": () =>
      chromium
        ? runNotebooks(project, { kernel: "lite", files: inPage })
        : Promise.resolve({ passed: 0, failed: 0, skipped: inPage.length }),
  };
}

await runMain(async () => {
  const [pattern = ""] = process.argv.slice(2);
  await setUp(project, { steps: ALL, optional: [jupyter] });
  const rows = [];
  let stoppedBy = null;
  for (const signal of SIGNALS) {
    process.once(signal, () => (stoppedBy = signal));
  }
  for (const [name, check] of Object.entries(checksFor(pattern))) {
    if (stoppedBy) {
      break;
    }
    console.log(`\n== ${name}`);
    const start = performance.now();
    rows.push({ name, ...(await check()), seconds: (performance.now() - start) / 1000 });
  }
  if (stoppedBy) {
    console.log(`\nStopped by ${stoppedBy}; what was not begun is not in the table.`);
  }
  console.log(`\n${summarize(rows)}`);
  if (stoppedBy) {
    return 128 + os.constants.signals[stoppedBy];
  }
  return rows.some(({ failed }) => failed > 0) ? 1 : 0;
});
