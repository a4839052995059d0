// Bundles the kernel into dist/, where it is newer than what is there. Plain JavaScript, because
// set-up calls it before anything else of the project runs.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(fileURLToPath(import.meta.url));
const outputs = {
  index: "index.ts",
  kernel: "process/entry.ts",
  front: "front/front.ts",
  install: "install/cli.ts",
};
const sources = [
  "index.ts",
  "channel.ts",
  "build.mjs",
  "session",
  "node",
  "process",
  "front",
  "display",
  "install",
];

/** Builds what is out of date; says whether anything was. */
export async function build({ force = false } = {}) {
  const newest = Math.max(...sources.map((name) => newestTime(path.join(root, name))));
  const built = Object.keys(outputs).map((name) => path.join(root, "dist", `${name}.cjs`));
  if (!force && built.every((file) => existsSync(file) && statSync(file).mtimeMs > newest)) {
    return false;
  }
  const { build: bundle } = await import("esbuild");
  // Renamed when they are whole: half a bundle would count as built.
  const dist = path.join(root, "dist");
  const making = path.join(dist, `.making-${process.pid}`);
  removeDead(dist);
  await bundle({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(outputs).map(([name, entry]) => [name, path.join(root, entry)]),
    ),
    outdir: making,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["typescript", "zeromq", "commander"],
    logLevel: "warning",
  });
  for (const file of readdirSync(making)) {
    renameSync(path.join(making, file), path.join(dist, file));
  }
  rmSync(making, { recursive: true, force: true });
  return true;
}

/** Removes what builds that were killed have left. */
function removeDead(dist) {
  for (const name of existsSync(dist) ? readdirSync(dist) : []) {
    const [, pid] = /^\.making-(\d+)$/.exec(name) ?? [];
    if (pid === undefined) {
      continue;
    }
    try {
      process.kill(Number(pid), 0);
    } catch (error) {
      if (error.code !== "ESRCH") {
        continue;
      }
      rmSync(path.join(dist, name), { recursive: true, force: true });
    }
  }
}

function newestTime(file) {
  const stats = statSync(file);
  if (!stats.isDirectory()) {
    return stats.mtimeMs;
  }
  return Math.max(0, ...readdirSync(file).map((name) => newestTime(path.join(file, name))));
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const done = await build({ force: process.argv.includes("--force") });
  console.log(done ? "Built the kernel." : "The kernel is built already.");
}
