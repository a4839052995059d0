import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { cannotShim } from "../../scripts/wheelShims.mjs";
import { beginSetup, requireWhole, setupProject } from "../setupProject.mjs";

// TypeScript is loaded by require's hook.
const require = createRequire(import.meta.url);
const { killsOf, randomFor } = require("../settings.ts");
const { killAfter } = require("./killing.ts");

test("set-up that is killed goes on at the next run, and nothing half made is taken for whole", {
  skip: cannotShim,
}, async (t) => {
  const random = randomFor("setup");
  const kills = killsOf("setup");
  const started = performance.now();
  const first = setupProject(t);
  const uninterrupted = beginSetup(first);
  let said = "";
  for (const stream of [uninterrupted.stdout, uninterrupted.stderr]) {
    stream.on("data", (text) => (said += text));
  }
  const [code] = await once(uninterrupted, "close");
  assert.equal(code, 0, said);
  requireWhole(first);
  let life = performance.now() - started;

  let killed = 0;
  let finished = 0;
  while (killed < kills) {
    const project = setupProject(t);
    for (let left = Math.min(kills - killed, 1 + Math.floor(random() * 10)); ; left--) {
      const begun = performance.now();
      const child = beginSetup(project);
      let errors = "";
      child.stderr.on("data", (text) => (errors += text));
      child.stdout.resume();
      const ended = once(child, "close");
      if (left > 0 && (await killAfter(child, random() * life))) {
        killed++;
      }
      await ended;
      if (child.signalCode === "SIGKILL") {
        continue;
      }
      assert.equal(child.exitCode, 0, errors);
      // On a machine that has less to do by now, kills would come too late.
      if (left > 0) {
        life = performance.now() - begun;
      }
      break;
    }
    requireWhole(project);
    finished++;
    fs.rmSync(project.base, { recursive: true, force: true });
  }
  t.diagnostic(`${killed} set-ups killed, ${finished} brought to their end`);
});
