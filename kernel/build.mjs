// Bundles the kernel into dist/, where it is newer than what is there. Plain JavaScript, because
// set-up calls it before anything else of the project runs.
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(fileURLToPath(import.meta.url));
const outputs = {
  index: "index.ts",
  kernel: "kernel/entry.ts",
  front: "front/front.ts",
  install: "install/cli.ts",
};
const sources = [
  "index.ts",
  "channel.ts",
  "build.mjs",
  "session",
  "kernel",
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
  await bundle({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(outputs).map(([name, entry]) => [name, path.join(root, entry)]),
    ),
    outdir: path.join(root, "dist"),
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["typescript", "zeromq", "commander"],
    logLevel: "warning",
  });
  return true;
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
