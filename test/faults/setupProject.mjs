// A temporary project with all that set-up works on, made of stand-ins that take moments.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readPins } from "../../scripts/setup/jupyter.mjs";
import { project as own } from "../../scripts/setup/project.mjs";
import { addOnIn } from "../../scripts/setup/tensorflowHome.mjs";
import { temporaryProject, write } from "../scripts/temporaryProject.mjs";
import { shims } from "../scripts/wheelShims.mjs";

const setupOnce = fileURLToPath(new URL("setupOnce.mjs", import.meta.url));
const pins = readPins(
  fs.readFileSync(path.join(own.root, "scripts/setup/requirements.txt"), "utf8"),
);

/** A kernel's sources as small as they can be, built by the kernel's own program. */
function writeKernel(project) {
  const folder = path.join(project.root, "kernel");
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(own.root, "kernel/build.mjs"), path.join(folder, "build.mjs"));
  const text = `export const text = "${"x".repeat(300_000)}";`;
  for (const name of [
    "index",
    "channel",
    "session/a",
    "kernel/entry",
    "front/front",
    "display/a",
  ]) {
    write(path.join(folder, `${name}.ts`), text);
  }
  write(path.join(folder, "install/cli.ts"), text);
  fs.symlinkSync(path.join(own.nodeModules, "esbuild"), path.join(project.nodeModules, "esbuild"));
  write(
    path.join(folder, "bin/kernel.cjs"),
    `const fs = require("node:fs"), path = require("node:path");
     const [, , prefix, , preload] = process.argv.slice(2);
     const folder = path.join(prefix, "share", "jupyter", "kernels", "karenina");
     fs.mkdirSync(folder, { recursive: true });
     const argv = [process.execPath, "-r", preload, __filename, "{connection_file}"];
     fs.writeFileSync(path.join(folder, "kernel.json"), JSON.stringify({ argv }));`,
  );
}

/**
 * A Python whose environments are made at once, and whose pip counts a package as installed before
 * it is whole, as the real one does that is killed.
 */
function writePython(project) {
  const bin = path.join(project.base, "bin");
  const inVenv = `#!/bin/sh
venv="$(dirname "$(dirname "$0")")"
case "$*" in
  *"pip --version"*) exit 0 ;;
  *"pip install"*)
    for pin in ${[...pins].map(([name, version]) => `${name}==${version}`).join(" ")}; do
      grep -qx "$pin" "$venv/counted" 2>/dev/null && continue
      echo "$pin" >> "$venv/counted"; sleep 0.03; echo "$pin" >> "$venv/whole"
    done ;;
  "-c "*)
    shift 2
    for name in "$@"; do sed -n "s/^$name==//p" "$venv/counted" | grep . || echo missing; done ;;
esac`;
  write(path.join(bin, "in-venv"), inVenv, 0o755);
  const real = path.join(bin, "python3");
  fs.renameSync(real, path.join(bin, "python-with-pip"));
  write(
    real,
    `#!/bin/sh
if [ "$2" = venv ]; then
  mkdir -p "$3/bin" && cp "${bin}/in-venv" "$3/bin/python" && exit 0
fi
exec "${bin}/python-with-pip" "$@"`,
    0o755,
  );
}

/** All that set-up makes, whole; the first thing that is not. */
export function requireWhole(project) {
  assert.equal(fs.readFileSync(addOnIn(project.tfjsNode), "utf8"), "works");
  assert.equal(JSON.parse(fs.readFileSync(project.tensorflowRecord, "utf8")).backend, "native");
  const dist = path.join(project.root, "kernel/dist");
  const bundles = ["front", "index", "install", "kernel"].map((name) => `${name}.cjs`);
  assert.deepEqual(fs.readdirSync(dist).sort(), bundles);
  for (const name of bundles) {
    const text = fs.readFileSync(path.join(dist, name), "utf8");
    assert.ok(text.includes("x".repeat(300_000)) && /exports/.test(text), `${name} is whole`);
  }
  const whole = fs.readFileSync(path.join(project.venv, "whole"), "utf8").trim().split("\n");
  assert.deepEqual(
    whole,
    [...pins].map(([name, version]) => `${name}==${version}`),
  );
  JSON.parse(
    fs.readFileSync(path.join(project.venv, "share/jupyter/lab/settings/overrides.json"), "utf8"),
  );
  for (const folder of [project.kernelspecs, project.jupyterKernelspecs]) {
    assert.deepEqual(fs.readdirSync(folder).sort(), ["karenina", "tslab"]);
    for (const kernel of ["karenina", "tslab"]) {
      JSON.parse(fs.readFileSync(path.join(folder, kernel, "kernel.json"), "utf8"));
    }
  }
  // Locks' own temporary names of killed processes are a few bytes each.
  const strays = fs.readdirSync(project.build).filter((name) => !/^(kernels$|.*\.lock)/.test(name));
  assert.deepEqual(strays, []);
  const homes = fs.readdirSync(path.join(project.env.KARENINA_CACHE, "tensorflow"));
  assert.equal(homes.filter((name) => !/\.lock/.test(name)).length, 1, homes.join());
  assert.deepEqual(fs.readdirSync(project.jupyterKernelspecs.replace(/kernels$/, "")).sort(), [
    "kernels",
    "lab",
  ]);
}

/** @param {import("node:test").TestContext} t @param {NodeJS.ProcessEnv} [env] */
export function setupProject(t, env) {
  const project = temporaryProject(t, env);
  shims(project);
  writeKernel(project);
  writePython(project);
  return project;
}

/** Starts its set-up in a process of its own. */
export function beginSetup(project) {
  const args = [setupOnce, project.root, JSON.stringify(project.env), project.probe];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
}
