import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { install as installJupyter } from "../../scripts/setup/jupyter.mjs";
import { install as installPackages } from "../../scripts/setup/npm.mjs";
import { install as installTensorflow } from "../../scripts/setup/tensorflow.mjs";
import { silentReport, temporaryProject, write } from "./temporaryProject.mjs";

test("with KARENINA_OFFLINE nothing is fetched, and each step says so", async (t) => {
  // Any program will do for a compiler that is found but never called.
  const env = { HOME: process.env.HOME, CXX: process.execPath, KARENINA_OFFLINE: "1" };
  const project = temporaryProject(t, env);
  const report = silentReport();

  const detail = await installTensorflow(project, { report });
  assert.match(detail, /^WebAssembly.*Official binary: KARENINA_OFFLINE is set/);
  await assert.rejects(installJupyter(project, { report }), /KARENINA_OFFLINE is set/);

  const dependencies = { "left-out": "1.0.0" };
  const manifest = { name: "p", version: "1.0.0", dependencies };
  write(path.join(project.root, "package.json"), JSON.stringify(manifest));
  const packages = { "": manifest, "node_modules/left-out": { version: "1.0.0" } };
  const lock = { name: "p", version: "1.0.0", lockfileVersion: 3, packages };
  write(path.join(project.root, "package-lock.json"), JSON.stringify(lock));
  project.env.npm_config_cache = path.join(project.base, "empty npm cache");
  await assert.rejects(installPackages(project), /npm ci.*"KARENINA_OFFLINE is set"/);

  assert.ok(
    report.lines.every((line) => !line.includes("downloading")),
    report.lines.join("\n"),
  );
});
