import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { addOnIn } from "../../scripts/setup/tensorflowHome.mjs";
import { install } from "../../scripts/setup/tensorflowWheel.mjs";
import { silentReport, temporaryProject, write } from "./temporaryProject.mjs";
import { cannotShim, shims } from "./wheelShims.mjs";

const options = { skip: cannotShim };

test("downloaded and compiled once, for every clone and every npm ci", options, async (t) => {
  const project = temporaryProject(t);
  const calls = shims(project);
  const report = silentReport();
  const first = await install(project, report);
  assert.equal(first.ok, true, first.reason);
  assert.equal(calls(), "download compile");
  assert.match(report.lines.join(), /downloading tensorflow.* MB, once for all projects/);

  const deps = path.join(project.tfjsNode, "deps");
  assert.deepEqual(fs.readdirSync(path.join(deps, "lib")).sort(), [
    "libtensorflow_cc.so.2",
    "libtensorflow_framework.so.2",
  ]);
  const headers = fs.readdirSync(path.join(deps, "include"), { recursive: true }).sort();
  assert.deepEqual(
    headers.filter((name) => name.endsWith(".h")),
    ["a/b.h", "a/c.h", "tensorflow/c/c_api.h"],
    "the headers named and those that they include",
  );

  const clone = temporaryProject(t, project.env);
  assert.equal((await install(clone, silentReport())).ok, true);
  assert.equal(calls(), "");
  assert.equal(fs.readFileSync(addOnIn(clone.tfjsNode), "utf8"), "works");
});

test(
  "a broken add-on is compiled again, broken libraries are fetched again",
  options,
  async (t) => {
    const project = temporaryProject(t);
    const calls = shims(project);
    await install(project, silentReport());
    calls();
    fs.writeFileSync(addOnIn(project.tfjsNode), "made for another system");
    assert.equal((await install(project, silentReport())).ok, true);
    assert.equal(calls(), "compile");

    const home = path.dirname(fs.realpathSync(path.join(project.tfjsNode, "deps")));
    fs.rmSync(path.join(home, "deps"), { recursive: true });
    fs.writeFileSync(addOnIn(home), "without its libraries");
    assert.equal((await install(project, silentReport())).ok, true);
    assert.equal(calls(), "download compile");
  },
);

test("what a killed set-up left is swept, and a failed one leaves nothing", options, async (t) => {
  const project = temporaryProject(t);
  const calls = shims(project);
  await install(project, silentReport());
  const home = path.dirname(fs.realpathSync(path.join(project.tfjsNode, "deps")));
  const folder = path.dirname(home);
  fs.renameSync(home, `${home}.making-1`);
  write(path.join(project.base, "offline"), "");
  assert.deepEqual(await install(project, silentReport()), {
    ok: false,
    reason: "pip cannot reach its package index (network is unreachable)",
  });
  assert.deepEqual(fs.readdirSync(folder), []);

  fs.rmSync(path.join(project.base, "offline"));
  write(path.join(project.base, "bad-compiler"), "");
  const { reason } = await install(project, silentReport());
  assert.match(reason, /g\+\+ failed: x\.cc:1: error: no such header/);
  assert.deepEqual(fs.readdirSync(folder), []);
  calls();
});

test("a cache folder that cannot be written is replaced, which is said", options, async (t) => {
  const project = temporaryProject(t);
  shims(project);
  write(path.join(project.base, "file"), "");
  project.env.KARENINA_CACHE = path.join(project.base, "file", "cache");
  const { ok, note } = await install(project, silentReport());
  assert.equal(ok, true);
  assert.match(note, /cannot be written/);
  const real = fs.realpathSync(addOnIn(project.tfjsNode));
  assert.ok(real.startsWith(path.join(project.root, "build", "cache")));
});

test(
  "a missing compiler and a missing Python are named before any download",
  options,
  async (t) => {
    const project = temporaryProject(t);
    const calls = shims(project);
    const only = (...names) => {
      const bin = path.join(project.base, `only ${names.join(" ")}`);
      fs.mkdirSync(bin);
      for (const name of names) {
        fs.symlinkSync(path.join(project.base, "bin", name), path.join(bin, name));
      }
      return { ...project, env: { ...project.env, PATH: bin } };
    };
    assert.deepEqual(await install(only("python3"), silentReport()), {
      ok: false,
      reason: "no C++ compiler: install g++ (Debian: apt install g++)",
    });
    const { reason } = await install(only("g++"), silentReport());
    assert.match(reason, /^there is no python3 on the PATH: install Python 3\.10 or newer/);
    const named = { ...project, env: { ...project.env, CXX: "/no/such/compiler" } };
    assert.match((await install(named, silentReport())).reason, /^CXX names \/no\/such\/compiler/);
    assert.equal(calls(), "");
  },
);
