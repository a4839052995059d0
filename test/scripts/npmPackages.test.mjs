import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { check, firstDifference, install, npmCommand } from "../../scripts/setup/npm.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const entry = fc.record({
  version: fc.stringMatching(/^\d\.\d\.\d$/),
  integrity: fc.base64String(),
});
const packages = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), entry, { minKeys: 1 })
  .map((names) =>
    Object.fromEntries(Object.entries(names).map(([name, e]) => [`node_modules/${name}`, e])),
  );

test("a record that equals the lock file is right, and any change of it is found", () => {
  fc.assert(
    fc.property(packages, fc.nat(), (lock, n) => {
      const installed = structuredClone(lock);
      assert.equal(firstDifference({ "": {}, lib: {}, ...lock }, installed), null);
      const names = Object.keys(lock);
      const at = names[n % names.length];
      installed[at].version += "-other";
      assert.match(firstDifference(lock, installed), new RegExp(`${at} is .*-other`));
      delete installed[at];
      assert.match(firstDifference(lock, installed), new RegExp(`${at} is missing`));
    }),
  );
});

test("an optional package may be missing, one of another platform may not be there", () => {
  const other = process.platform === "linux" ? "darwin" : "linux";
  const lock = { "node_modules/a-other": { version: "1.0.0", optional: true, os: [other] } };
  assert.equal(firstDifference(lock, {}), null);
  assert.match(firstDifference(lock, structuredClone(lock)), /another platform/);
  const excluded = { "node_modules/b": { version: "1.0.0", os: [`!${process.platform}`] } };
  assert.match(firstDifference(excluded, structuredClone(excluded)), /another platform/);
  const allowed = { "node_modules/b": { version: "1.0.0", os: [`!${other}`] } };
  assert.equal(firstDifference(allowed, structuredClone(allowed)), null);
});

test("a package that the lock file does not know is found", () => {
  assert.match(
    firstDifference({}, { "node_modules/x": {} }),
    /node_modules\/x is not in package-lock/,
  );
});

test("a folder that somebody deleted from node_modules is found", async (t) => {
  const project = temporaryProject(t);
  const text = JSON.stringify({ packages: { "node_modules/x": { version: "1.0.0" } } });
  write(path.join(project.root, "package-lock.json"), text);
  assert.equal((await check(project)).detail, "not installed");
  write(path.join(project.nodeModules, ".package-lock.json"), text);
  assert.match((await check(project)).detail, /node_modules\/x is gone/);
  write(path.join(project.nodeModules, "x", "package.json"), "{}");
  assert.deepEqual(await check(project), { ok: true, detail: "1" });
});

test("npm ci installs what the lock file names, and its own words stand in the error", async (t) => {
  const project = { ...temporaryProject(t), env: process.env };
  const put = (name, value) => write(path.join(project.root, name), JSON.stringify(value));
  const manifest = { name: "p", version: "1.0.0", dependencies: { a: "file:a" } };
  put("package.json", manifest);
  put("a/package.json", { name: "a", version: "1.0.0" });
  put("b/package.json", { name: "b", version: "1.0.0" });
  put("package-lock.json", {
    name: "p",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: {
      "": manifest,
      a: { version: "1.0.0" },
      "node_modules/a": { resolved: "a", link: true },
    },
  });
  assert.equal((await check(project)).ok, false);
  const detail = await install(project);
  assert.deepEqual(await check(project), { ok: true, detail });

  put("package.json", { ...manifest, dependencies: { a: "file:a", b: "file:b" } });
  await assert.rejects(install(project), {
    name: "SetupError",
    message: /`npm ci` in .*karenina test .* ended with ".*in sync.*If the network is down/,
  });
});

test("the npm that started us is used without a shell, another package manager is not", (t) => {
  const { base } = temporaryProject(t);
  const cli = path.join(base, "npm-cli.js");
  assert.doesNotMatch(npmCommand({ npm_execpath: cli })[0], /node/);
  write(cli, "");
  assert.deepEqual(npmCommand({ npm_execpath: cli }), [process.execPath, cli]);
  write(path.join(base, "yarn.js"), "");
  assert.match(npmCommand({ npm_execpath: path.join(base, "yarn.js") })[0], /^npm/);
});
