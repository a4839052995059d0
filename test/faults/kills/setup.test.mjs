import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readPins } from "../../../scripts/setup/jupyter.mjs";
import { project as own } from "../../../scripts/setup/project.mjs";
import { addOnIn } from "../../../scripts/setup/tensorflow-home.mjs";
import { temporaryProject, write } from "../../scripts/temporary-project.mjs";
import { cannotShim, shims } from "../../scripts/wheel-shims.mjs";

// TypeScript is loaded by require's hook.
const require = createRequire(import.meta.url);
const { killsOf, randomFor } = require("../settings.ts");
const { killAfter } = require("./killing.ts");

const setupOnce = fileURLToPath(new URL("setup-once.mjs", import.meta.url));
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
    path.join(folder, "bin/karenina-kernel.cjs"),
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
function requireWhole(project) {
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

test("set-up that is killed goes on at the next run, and nothing half made is taken for whole", {
  skip: cannotShim,
}, async (t) => {
  const random = randomFor("setup");
  const kills = killsOf("setup");
  const begin = (project) =>
    spawn(process.execPath, [setupOnce, project.root, JSON.stringify(project.env), project.probe], {
      stdio: ["ignore", "pipe", "pipe"],
    });
  const newProject = () => {
    const project = temporaryProject(t);
    shims(project);
    writeKernel(project);
    writePython(project);
    return project;
  };
  const started = performance.now();
  const first = newProject();
  const uninterrupted = begin(first);
  let said = "";
  for (const stream of [uninterrupted.stdout, uninterrupted.stderr])
    stream.on("data", (text) => (said += text));
  const [code] = await once(uninterrupted, "close");
  assert.equal(code, 0, said);
  requireWhole(first);
  const life = performance.now() - started;

  let killed = 0;
  let finished = 0;
  while (killed < kills) {
    const project = newProject();
    for (let left = Math.min(kills - killed, 1 + Math.floor(random() * 10)); ; left--) {
      const child = begin(project);
      let errors = "";
      child.stderr.on("data", (text) => (errors += text));
      child.stdout.resume();
      const ended = once(child, "close");
      if (left > 0 && (await killAfter(child, random() * life))) killed++;
      await ended;
      if (child.signalCode === "SIGKILL") continue;
      assert.equal(child.exitCode, 0, errors);
      break;
    }
    requireWhole(project);
    finished++;
    fs.rmSync(project.base, { recursive: true, force: true });
  }
  t.diagnostic(`${killed} set-ups killed, ${finished} brought to their end`);
});
