// A small project in a folder of its own, whose path has a space, for the steps to work on.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectAt } from "../../scripts/setup/project.mjs";

/**
 * A project with a tfjs-node that is whole but for its native library. Its backends are played by a
 * script: WebAssembly always computes, native does where the add-on's file says "works".
 *
 * @param {import("node:test").TestContext} t the folder is removed after this test
 * @param {NodeJS.ProcessEnv} [env]
 */
export function temporaryProject(t, env = {}) {
  const base = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "karenina test "));
  t.after(() => fs.rmSync(base, { recursive: true, force: true }));
  const root = path.join(base, "project");
  const project = projectAt(root, {
    PATH: process.env.PATH,
    KARENINA_CACHE: path.join(base, "cache"),
    ...env,
  });
  write(project.preload, "");
  write(
    path.join(project.tfjsNode, "package.json"),
    JSON.stringify({ version: "4.22.0", binary: { host: "http://127.0.0.1:9/none/" } }),
  );
  write(
    path.join(root, "probe.cjs"),
    `const fs = require("node:fs"), path = require("node:path");
     const native = process.env.KARENINA_BACKEND === "native";
     const addOn = path.join(${JSON.stringify(project.tfjsNode)}, "lib/napi-v8/tfjs_binding.node");
     if (native && fs.readFileSync(addOn, "utf8") !== "works") throw new Error("it is broken");
     console.log(JSON.stringify({ version: native ? "2.0.0" : "4.0.0" }));`,
  );
  return { ...project, base, probe: path.join(root, "probe.cjs") };
}

/** Writes a file and the folders above it. */
export function write(file, text, mode) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode });
}

/** A reporter that keeps what it gets. */
export function silentReport() {
  const lines = [];
  const keep = (...words) => lines.push(words.join(" "));
  return { lines, say: keep, doing: () => {}, handOver: () => {}, done: keep };
}
