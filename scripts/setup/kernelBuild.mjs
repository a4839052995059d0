// Step 3: what the project's own kernel bundles of itself.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { withLock } from "./lock.mjs";
import { SetupError } from "./report.mjs";
import { run } from "./run.mjs";

export const name = "kernel";

/**
 * The kernel knows what its bundles are made from: asking whether they are up to date is asking it
 * to build them, which takes milliseconds where they are.
 *
 * @param {import("./project.mjs").Project} project
 */
export async function check(project) {
  if (!fs.existsSync(script(project))) {
    return { ok: true, detail: "" };
  }
  try {
    const { build } = await import(pathToFileURL(script(project)).href);
    const lock = path.join(project.build, "kernel.lock");
    const changed = await withLock(lock, () => build());
    return { ok: true, detail: changed ? "built" : "up to date" };
  } catch (error) {
    return { ok: false, detail: error.message };
  }
}

/**
 * Only reached when building failed: once more in a process of its own, whose words can be quoted.
 *
 * @param {import("./project.mjs").Project} project
 */
export async function install(project) {
  const result = await run(process.execPath, [script(project)], {
    cwd: project.root,
    env: project.env,
    limitSeconds: 300,
  });
  if (result.ok) {
    return "built";
  }
  throw new SetupError(
    `The notebook kernel could not be built: ${result.failure}. \`node kernel/build.mjs\` shows all ` +
      "that it says; if kernel/ was changed, mend that, else delete node_modules and run `npm run setup`.",
  );
}

function script(project) {
  return path.join(project.root, "kernel", "build.mjs");
}
