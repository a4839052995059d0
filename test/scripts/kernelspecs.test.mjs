import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { check, install, tslabSpec } from "../../scripts/setup/kernels.mjs";
import { project as own, projectAt } from "../../scripts/setup/project.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const read = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts, "kernel.json"), "utf8"));

/** An installer of kernelspecs with the interface of kernel/bin/kernel.cjs. */
const INSTALLER = `
  const fs = require("node:fs"), path = require("node:path");
  const [command, , prefix, , preload] = process.argv.slice(2);
  if (command !== "install") throw new Error("unknown command " + command);
  const folder = path.join(prefix, "share", "jupyter", "kernels", "karenina");
  fs.mkdirSync(folder, { recursive: true });
  const argv = [process.execPath, "-r", preload, __filename, "{connection_file}"];
  fs.writeFileSync(path.join(folder, "kernel.json"), JSON.stringify({ argv }));
  fs.writeFileSync(path.join(folder, "logo-svg.svg"), "<svg/>");`;

test("the runner's specs need no Python, Jupyter's are the same", async (t) => {
  const project = temporaryProject(t);
  write(path.join(project.root, "kernel", "bin", "kernel.cjs"), INSTALLER);
  assert.equal(await install(project), "karenina, tslab");
  assert.deepEqual(read(project.kernelspecs, "tslab"), tslabSpec(project));
  assert.ok(!fs.existsSync(project.venv));

  fs.mkdirSync(project.venv);
  assert.equal((await check(project)).ok, false);
  await install(project);
  for (const kernel of ["karenina", "tslab"]) {
    assert.deepEqual(
      read(project.jupyterKernelspecs, kernel),
      read(project.kernelspecs, kernel),
      kernel,
    );
  }
  assert.ok(fs.existsSync(path.join(project.jupyterKernelspecs, "karenina", "logo-svg.svg")));
  assert.deepEqual(fs.readdirSync(project.kernelspecs).sort(), ["karenina", "tslab"]);
  assert.deepEqual(fs.readdirSync(project.build), ["kernels"], "nothing is left behind");

  // As a set-up that was killed leaves it.
  for (const name of ["tslab.making", "karenina.making", "kernelspec.making"]) {
    write(path.join(project.build, name, "kernel.json"), "{");
  }
  await install(project);
  assert.deepEqual(fs.readdirSync(project.build), ["kernels"], "and what a killed one left goes");
});

test("specs are written again when the project or Node has moved", async (t) => {
  const project = temporaryProject(t);
  await install(project);
  assert.equal((await check(project)).ok, true);
  const spec = read(project.kernelspecs, "tslab");
  spec.argv[0] = "/another/node";
  write(path.join(project.kernelspecs, "tslab", "kernel.json"), JSON.stringify(spec));
  assert.match((await check(project)).detail, /tslab: written for another Node/);
  await install(project);

  const moved = path.join(project.base, "moved");
  fs.renameSync(project.root, moved);
  const there = projectAt(moved, project.env);
  assert.match((await check(there)).detail, /tslab: written for another folder/);
  await install(there);
  assert.deepEqual(await check(there), { ok: true, detail: "tslab" });
});

test("specs are written again when the kernel was rebuilt", async (t) => {
  const project = temporaryProject(t);
  write(path.join(project.root, "kernel", "bin", "kernel.cjs"), INSTALLER);
  await install(project);
  const built = path.join(project.root, "kernel", "dist", "install.cjs");
  write(built, "");
  const later = Date.now() / 1000 + 60;
  fs.utimesSync(built, later, later);
  assert.match((await check(project)).detail, /karenina: written by an older kernel/);
  // The clock was set back since then: set-up would fail until that time came again.
  fs.mkdirSync(project.venv);
  await install(project);
  assert.equal((await check(project)).ok, true);
  fs.utimesSync(built, later, later - 120);
  assert.equal((await check(project)).ok, true);
});

test("an installer of the kernel that fails is an error with its words and a remedy", async (t) => {
  const project = temporaryProject(t);
  const installer = path.join(project.root, "kernel", "bin", "kernel.cjs");
  write(installer, "console.error('error: unknown option'); process.exit(2)");
  await assert.rejects(install(project), {
    name: "SetupError",
    message: /karenina kernel could not be written: error: unknown option.*npm run setup/,
  });
});

test("every file that the tslab spec of this very project names is there", () => {
  const { argv } = tslabSpec(own);
  for (const file of argv.filter((word) => path.isAbsolute(word))) {
    assert.ok(fs.existsSync(file), file);
  }
  assert.equal(argv.at(-1), "{connection_file}");
});
