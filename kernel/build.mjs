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
/** What JupyterLab loads, in a browser. */
const extension = { remoteEntry: "labextension/remoteEntry.ts" };
const sources = [
  "index.ts",
  "channel.ts",
  "build.mjs",
  "session",
  "node",
  "process",
  "debugger",
  "front",
  "display",
  "install",
  "labextension",
];

/** Builds what is out of date; says whether anything was. */
export async function build({ force = false } = {}) {
  const newest = Math.max(...sources.map((name) => newestTime(path.join(root, name))));
  const names = [
    ...Object.keys(outputs).map((name) => `${name}.cjs`),
    ...Object.keys(extension).map((name) => `${name}.js`),
  ];
  const built = names.map((name) => path.join(root, "dist", name));
  if (!force && built.every((file) => existsSync(file) && statSync(file).mtimeMs > newest)) {
    return false;
  }
  const { build: bundle } = await import("esbuild");
  // Renamed when they are whole: half a bundle would count as built.
  const dist = path.join(root, "dist");
  const making = path.join(dist, `.making-${process.pid}`);
  removeDead(dist);
  const common = { absWorkingDir: root, outdir: making, bundle: true, logLevel: "warning" };
  await bundle({
    ...common,
    entryPoints: entryPoints(outputs),
    outExtension: { ".js": ".cjs" },
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["typescript", "zeromq", "commander"],
  });
  await bundle({
    ...common,
    entryPoints: entryPoints(extension),
    platform: "browser",
    target: "es2022",
    format: "iife",
  });
  for (const file of readdirSync(making)) {
    renameSync(path.join(making, file), path.join(dist, file));
  }
  rmSync(making, { recursive: true, force: true });
  return true;
}

function entryPoints(sources) {
  return Object.fromEntries(
    Object.entries(sources).map(([name, entry]) => [name, path.join(root, entry)]),
  );
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
