// Which data sets are on this machine, and how much is kept where.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { findFiles } from "../setup/findFiles.mjs";
import { nodeOptions } from "../setup/program.mjs";
import { lastLine, run } from "../setup/run.mjs";

const { cacheFolder } = createRequire(import.meta.url)("../../lib/host/node/cacheFolder.cjs");

/**
 * @param {import("../setup/project.mjs").Project} project
 * @returns {AsyncGenerator<import("./tools.mjs").Finding>}
 */
export async function* examineData(project) {
  const { env, root } = project;
  const cli = path.join(root, "lib", "cli", "cli.ts");
  const list = await run(process.execPath, [...nodeOptions(project), cli, "datasets", "list"], {
    cwd: root,
    env,
    limitSeconds: 120,
  });
  if (list.ok) {
    for (const row of list.stdout.trim().split("\n").slice(1)) {
      const damaged = /\bdamaged\b/.test(row);
      const remedy = damaged ? ": run `npm run datasets -- fetch` with its name" : "";
      yield { state: damaged ? "FAIL" : "ok", name: "data", text: row + remedy };
    }
  } else {
    const text = `the registry cannot be read: ${lastLine(list.stderr) || list.failure}`;
    yield { state: "FAIL", name: "data", text };
  }
  if (env.KARENINA_DATA && !fs.existsSync(env.KARENINA_DATA)) {
    const text = `KARENINA_DATA names ${env.KARENINA_DATA}, which is not there: mend or unset it`;
    yield { state: "FAIL", name: "data", text };
  }

  const { folder, reason } = cacheFolder({ project: root, env });
  const note = reason ? `, because ${reason}` : "";
  yield { state: "ok", name: "cache", text: `${megabytes(folder)} in ${folder}${note}` };
  yield { state: "ok", name: "", text: `${megabytes(project.build)} in ${project.build}` };
}

function megabytes(folder) {
  const bytes = findFiles(folder, () => true).reduce(
    (sum, file) => sum + fs.statSync(path.join(folder, file)).size,
    0,
  );
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
