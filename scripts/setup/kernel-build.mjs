// Step 3: what the project's own kernel compiles of itself.
import fs from "node:fs";
import path from "node:path";
import { SetupError } from "./report.mjs";
import { run } from "./run.mjs";

export const name = "kernel";

const OUTPUT = path.join("kernel", "dist");

/** @param {import("./project.mjs").Project} project */
export async function check(project) {
  if (!fs.existsSync(script(project))) return { ok: true, detail: "" };
  const built = newest(path.join(project.root, OUTPUT));
  if (built === 0) return { ok: false, detail: "not built" };
  const changed = newest(path.join(project.root, "kernel"), ["dist", "node_modules"]) > built;
  return changed ? { ok: false, detail: "changed" } : { ok: true, detail: "built" };
}

/** @param {import("./project.mjs").Project} project */
export async function install(project) {
  const result = await run(process.execPath, [script(project)], {
    cwd: project.root,
    env: project.env,
    limitSeconds: 300,
  });
  if (result.ok) return "built";
  throw new SetupError(
    `The notebook kernel could not be built: ${result.failure}. \`node kernel/build.mjs\` shows all ` +
      "that it says; if kernel/ was changed, mend that, else delete node_modules and run `npm run setup`.",
  );
}

function script(project) {
  return path.join(project.root, "kernel", "build.mjs");
}

/** The time at which the youngest file below a folder was written; 0 where there is none. */
function newest(folder, skipped = []) {
  if (!fs.existsSync(folder)) return 0;
  let time = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (skipped.includes(entry.name)) continue;
    const at = path.join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(at) : fs.statSync(at).mtimeMs);
  }
  return time;
}
