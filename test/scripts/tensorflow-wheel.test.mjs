import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { which } from "../../scripts/setup/run.mjs";
import { addOnIn } from "../../scripts/setup/tensorflow-home.mjs";
import { install } from "../../scripts/setup/tensorflow-wheel.mjs";
import { silentReport, temporaryProject, write } from "./temporary-project.mjs";

const python = which(["python3"]);
const served = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
const options = {
  skip: !served ? "wheels serve Linux only" : !python ? "there is no Python" : false,
};

/**
 * A PATH with a python3 that is real but for `pip download`, which makes a tiny wheel, and a g++
 * that notes its call and writes an add-on.
 */
function shims(project) {
  const bin = path.join(project.base, "bin");
  const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/tensorflow_cpu-0-py3-none-any.whl", "w") as z:
    z.writestr("tensorflow/libtensorflow_cc.so.2", "library")
    z.writestr("tensorflow/libtensorflow_framework.so.2", "library")
    z.writestr("tensorflow/libtensorflow_other.so.2.txt", "no library")
    z.writestr("tensorflow/include/tensorflow/c/c_api.h", '#include "a/b.h"\\n#include <stdio.h>\\n')
    z.writestr("tensorflow/include/a/b.h", '  # include "a/c.h"\\n#include "not/there.h"')
    z.writestr("tensorflow/include/a/c.h", '#include "tensorflow/c/c_api.h"')
    z.writestr("tensorflow/include/a/unused.h", "")`;
  write(path.join(bin, "make.py"), makeWheel);
  write(
    path.join(bin, "python3"),
    `#!/bin/sh
case "$*" in
  *"pip --version"*) exit 0 ;;
  *"pip download"*)
    echo download >> "${project.base}/calls"
    if [ -e "${project.base}/offline" ]; then
      echo "[Errno 101] Network is unreachable" >&2; echo "ERROR: No matching distribution" >&2; exit 1
    fi
    exec "${python}" "${bin}/make.py" "$PWD" ;;
  *) exec "${python}" "$@" ;;
esac`,
    0o755,
  );
  write(
    path.join(bin, "g++"),
    `#!/bin/sh
echo compile >> "${project.base}/calls"
if [ -e "${project.base}/bad-compiler" ]; then echo "x.cc:1: error: no such header" >&2; exit 1; fi
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then printf works > "$2"; fi
  shift
done`,
    0o755,
  );
  project.env.PATH = `${bin}:/usr/bin:/bin`;
  const calls = path.join(project.base, "calls");
  return () => {
    const text = fs.existsSync(calls) ? fs.readFileSync(calls, "utf8") : "";
    fs.rmSync(calls, { force: true });
    return text.trim().split("\n").join(" ");
  };
}

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
      for (const name of names)
        fs.symlinkSync(path.join(project.base, "bin", name), path.join(bin, name));
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
