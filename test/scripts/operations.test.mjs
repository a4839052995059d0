import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { check, install } from "../../scripts/setup/operations.mjs";
import { addOnIn } from "../../scripts/setup/tensorflowHome.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const { SHARED, SOURCES, operationsFile, variantsFor } = createRequire(import.meta.url)(
  "../../lib/host/node/operationsFile.cjs",
);
const options = {
  skip:
    process.platform === "linux" && variantsFor() !== undefined
      ? false
      : "they are for Linux on x64 and arm64",
};

/** A project whose TensorFlow has an add-on and headers, and a compiler that a script plays. */
function withCompiler(t, script) {
  const project = temporaryProject(t, {});
  write(addOnIn(project.tfjsNode), "works");
  write(path.join(project.tfjsNode, "deps", "include", "tensorflow", "c", "tf_tensor.h"), "");
  const compiler = path.join(project.base, "compiler");
  write(compiler, `#!/bin/sh\n${script}\n`, 0o755);
  project.env.CXX = compiler;
  return project;
}

test("without TensorFlow's C library, on WebAssembly, or switched off, nothing is to be done", async (t) => {
  const project = temporaryProject(t, {});
  assert.deepEqual(await check(project), { ok: true, detail: "" });
  write(addOnIn(project.tfjsNode), "works");
  assert.equal((await check(project)).ok, false);
  assert.equal((await check(project, { backend: "wasm" })).ok, true);
  project.env.KARENINA_OPERATIONS = "off";
  assert.equal((await check(project)).ok, true);
});

test(
  "what hinders is said in one line, and not tried again before it changes",
  options,
  async (t) => {
    const project = withCompiler(t, 'echo "kernels.cc:1: error: no such luck" >&2; exit 1');
    assert.equal((await check(project)).ok, false);
    const line = await install(project);
    assert.match(
      line,
      /^none of our own, TensorFlow's do the work: .*compiler failed: .*no such luck$/,
    );
    assert.deepEqual(await check(project, { quick: true }), { ok: true, detail: line });
    assert.equal((await check(project, { retry: true })).ok, false, "npm run setup tries again");

    const missing = path.join(project.base, "none");
    project.env.CXX = missing;
    assert.equal((await check(project)).ok, false, "another compiler");
    assert.match(await install(project), /CXX names .*none, which is not there: install g\+\+/);

    fs.rmSync(path.join(project.tfjsNode, "deps"), { recursive: true });
    assert.match(await install(project), /the installed TensorFlow has no headers/);
  },
);

test("what was compiled but does not run is not installed", options, async (t) => {
  // Writes what is no library to the file after -o.
  const project = withCompiler(t, 'while [ "$1" != -o ]; do shift; done; echo "no library" > "$2"');
  assert.match(await install(project), /they do not run: /);
  const file = operationsFile(project.tfjsNode);
  assert.equal(fs.existsSync(file), false);
  assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
});

test("no instruction set of the compiling machine is asked for, and kernels include nothing", () => {
  const { FLAGS } = createRequire(import.meta.url)("../../lib/host/node/operationsFile.cjs");
  for (const flags of [
    FLAGS,
    ...Object.values(variantsFor("x64")),
    ...variantsFor("arm64").plain,
  ]) {
    assert.doesNotMatch(String(flags), /native/);
  }
  assert.deepEqual(variantsFor("x64").plain, []);
  // A function of a header that kernels of two instruction sets share would be linked once.
  const seen = new Set();
  const includesOf = (name) => {
    if (seen.has(name)) {
      return;
    }
    seen.add(name);
    const file = [SOURCES, SHARED].map((folder) => path.join(folder, name)).find(fs.existsSync);
    const text = fs.readFileSync(file, "utf8");
    for (const [, header] of text.matchAll(/#include <(.*)>/g)) {
      assert.ok(["stdint.h", "cstring"].includes(header), `${name} includes <${header}>`);
    }
    for (const [, header] of text.matchAll(/#include "(.*)"/g)) {
      includesOf(header);
    }
  };
  includesOf("kernels.cc");
  assert.ok(seen.has("vectors.h"));
});
