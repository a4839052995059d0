import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { check, install } from "../../scripts/setup/kernelBuild.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

test("the kernel builds itself when it is out of date, and is left alone when it is not", async (t) => {
  const project = temporaryProject(t);
  assert.deepEqual(await check(project), { ok: true, detail: "" }, "no kernel, nothing to build");
  write(
    path.join(project.root, "kernel", "build.mjs"),
    `import fs from "node:fs";
     const output = new URL("./output", import.meta.url);
     export async function build() {
       if (fs.existsSync(output)) return false;
       fs.writeFileSync(output, "");
       return true;
     }`,
  );
  assert.deepEqual(await check(project), { ok: true, detail: "built" });
  assert.deepEqual(await check(project), { ok: true, detail: "up to date" });
  assert.deepEqual(fs.readdirSync(project.build), []);
});

test("a kernel that cannot be built is an error with the builder's words", async (t) => {
  const project = temporaryProject(t);
  write(
    path.join(project.root, "kernel", "build.mjs"),
    "throw new Error('entry.ts:1: error: what is this?');",
  );
  assert.equal((await check(project)).ok, false);
  await assert.rejects(install(project), {
    name: "SetupError",
    message: /could not be built: .*what is this\?.*kernel\/build\.mjs/,
  });
});
