import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { check, install, readRecord, wantedBackend } from "../../scripts/setup/tensorflow.mjs";
import { addOnIn } from "../../scripts/setup/tensorflowHome.mjs";
import { silentReport, temporaryProject, write } from "./temporaryProject.mjs";

const failing = {
  name: "official binary",
  install: async () => ({ ok: false, reason: "no host" }),
};
const hopeless = { name: "other way", install: async () => ({ ok: false, reason: "no g++" }) };
const working = {
  name: "second way",
  install: async (project) => {
    write(addOnIn(project.tfjsNode), "works");
    return { ok: true, version: "2.0.0" };
  },
};
const report = silentReport();

test("the first way that works is taken, and why the earlier ones did not is kept", async (t) => {
  const project = temporaryProject(t);
  assert.equal((await check(project)).ok, false);
  const detail = await install(project, { report, ways: [failing, working, hopeless] });
  assert.equal(detail, "2.0.0, native, second way");
  assert.deepEqual(readRecord(project).reasons, ["official binary: no host"]);
  assert.deepEqual(await check(project), { ok: true, detail });
  assert.equal((await check(project, { quick: true })).ok, true);
});

test("WebAssembly comes last, with every reason and what to do", async (t) => {
  const project = temporaryProject(t);
  const detail = await install(project, { report, ways: [failing, hopeless] });
  assert.match(detail, /^WebAssembly 4\.0\.0.*Official binary: no host\. Other way: no g\+\+\./);
  assert.match(detail, /npm run setup/);
  assert.equal((await check(project)).ok, true, "it is not tried again by every program");
  assert.equal((await check(project, { retry: true })).ok, false, "but by npm run setup");
  assert.equal((await check(project, { backend: "native" })).ok, false);
  const found = { ...project, env: { ...project.env, CXX: "/new/compiler" } };
  assert.equal((await check(found, { quick: true })).ok, false, "and when a compiler has come");
});

test("while the ways are tried nothing is on record, so that a kill is noticed", async (t) => {
  const project = temporaryProject(t);
  await install(project, { report, ways: [working] });
  const looking = {
    name: "looking",
    install: async () => {
      assert.equal(readRecord(project), null);
      return working.install(project);
    },
  };
  await install(project, { report, ways: [looking] });
  assert.equal(readRecord(project).way, "looking");
});

test("native alone is an error with the remedies where it cannot be had", async (t) => {
  const project = temporaryProject(t);
  await assert.rejects(install(project, { backend: "native", report, ways: [failing, hopeless] }), {
    name: "SetupError",
    message: /native TensorFlow was asked for.*no host.*no g\+\+.*npm run setup/,
  });
  assert.equal(readRecord(project), null);
});

test("WebAssembly that the command line asks for is kept, that of a variable is not", async (t) => {
  const project = temporaryProject(t);
  await install(project, { report, ways: [working] });
  assert.equal((await check(project, { backend: "wasm" })).ok, true);
  assert.ok(fs.existsSync(addOnIn(project.tfjsNode)), "the native library stays");

  assert.equal((await check(project, { backend: "wasm", keep: true })).ok, false);
  const detail = await install(project, { backend: "wasm", keep: true, report, ways: [working] });
  assert.equal(detail, "WebAssembly 4.0.0, as asked for");
  assert.ok(!fs.existsSync(addOnIn(project.tfjsNode)));
  assert.equal((await check(project, { quick: true })).ok, true);
  assert.equal((await check(project, { backend: "wasm", keep: true })).ok, true);
  assert.equal((await check(project, { retry: true })).ok, false, "until npm run setup");
});

test("where not even WebAssembly computes, the native library is left alone", async (t) => {
  const project = temporaryProject(t);
  await install(project, { report, ways: [working] });
  write(project.probe, "console.error('Error: no such module'); process.exit(1)");
  for (const keep of [false, true]) {
    await assert.rejects(install(project, { backend: "wasm", keep, report, ways: [working] }), {
      name: "SetupError",
      message: /not even as WebAssembly: Error: no such module\. .*npm run setup/,
    });
  }
  assert.ok(fs.existsSync(addOnIn(project.tfjsNode)));
});

test("a native library that breaks later is noticed", async (t) => {
  const project = temporaryProject(t);
  await install(project, { report, ways: [working] });
  write(addOnIn(project.tfjsNode), "broken");
  const state = await check(project);
  assert.equal(state.ok, false);
  assert.match(state.detail, /it is broken/);
});

test("the command line wins over KARENINA_BACKEND, and a wrong word is refused by its source", () => {
  const env = { KARENINA_BACKEND: "wasm" };
  assert.deepEqual(wantedBackend("native", env), { backend: "native", keep: true });
  assert.deepEqual(wantedBackend(undefined, env), { backend: "wasm", keep: false });
  assert.deepEqual(wantedBackend(undefined, {}), { backend: undefined, keep: false });
  assert.throws(
    () => wantedBackend("gpu", env),
    /--backend is "gpu", but must be "native".*"wasm"/,
  );
  assert.throws(
    () => wantedBackend(undefined, { KARENINA_BACKEND: "x" }),
    /KARENINA_BACKEND is "x"/,
  );
});
