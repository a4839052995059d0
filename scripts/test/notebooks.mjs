// The lessons, run by the project's own runner on a real kernel.
import fs from "node:fs";
import path from "node:path";
import { runProgram } from "../setup/program.mjs";

/**
 * @param {import("../setup/project.mjs").Project} project
 * @param {string} [folder] relative to the project
 * @returns {string[]} the lessons in reading order, relative to the project
 */
export function lessons(project, folder = "notebooks") {
  const whole = path.join(project.root, folder);
  if (!fs.existsSync(whole)) {
    return [];
  }
  const names = fs.readdirSync(whole).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => `${folder}/${name}`);
}

/**
 * @param {import("../setup/project.mjs").Project} project
 * @param {{ kernel: string, files: string[] }} options files relative to the project
 * @returns {Promise<import("./summary.mjs").Counts>}
 */
export async function runNotebooks(project, { kernel, files }) {
  const out = path.join(project.build, "notebooks", kernel);
  fs.rmSync(path.join(out, "report.json"), { force: true });
  const program = path.join(project.root, "runner", "cli.ts");
  const args = ["--mode", "fast", "--kernel", kernel, "--out", out, ...files];
  const code = await runProgram(project, program, args);
  const report = readReport(path.join(out, "report.json"));
  // Without a report none of them has been shown to run.
  if (report === null) {
    return { passed: 0, failed: files.length, skipped: 0 };
  }
  const wrong = report.notebooks.filter(({ ok }) => !ok);
  const passed = report.notebooks.length - wrong.length;
  const failed = Math.max(files.length - passed, code === 0 ? 0 : 1);
  return { passed, failed, skipped: 0, failures: wrong.map((row) => `${row.path}  ${row.error}`) };
}

function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
