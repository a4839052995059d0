import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { nodeOptions } from "../../../scripts/setup/program.mjs";
import { project as own } from "../../../scripts/setup/project.mjs";
import { temporaryProject } from "../../scripts/temporaryProject.mjs";
import { cannotShim } from "../../scripts/wheelShims.mjs";
import { beginSetup, requireWhole, setupProject } from "../setupProject.mjs";

/** The exit status of a process, and what it said. */
async function outcome(child) {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => (said += text));
  }
  const [code] = await once(child, "close");
  return { code, said };
}

test("three set-ups of one project and one of another with the same cache: all end well", {
  skip: cannotShim,
}, async (t) => {
  const first = setupProject(t);
  const second = setupProject(t, { KARENINA_CACHE: first.env.KARENINA_CACHE });
  const all = await Promise.all(
    [first, first, first, second].map((project) => outcome(beginSetup(project))),
  );
  for (const { code, said } of all) {
    assert.equal(code, 0, said);
  }
  requireWhole(first);
  requireWhole(second);
  const calls = [first, second].map(({ base }) => {
    const file = path.join(base, "calls");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  });
  assert.equal(calls.join("").match(/download/g)?.length, 1, "one downloads for all");
});

test("what several processes write to one file is never seen by halves", async (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "shared.txt");
  const code = `
    const { writeAtomically } = require(${JSON.stringify(path.join(own.root, "lib/host/node/writeAtomically.ts"))});
    for (let i = 0; i < 200; i++) {
      writeAtomically(process.argv[1], String.fromCharCode(97 + (i + process.pid) % 26).repeat(20_000));
    }`;
  const writers = Array.from({ length: 3 }, () =>
    spawn(process.execPath, [...nodeOptions(own), "-e", code, file], {
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  let living = writers.length;
  const ended = Promise.all(writers.map((writer) => outcome(writer).finally(() => living--)));
  let looks = 0;
  while (living > 0) {
    if (fs.existsSync(file)) {
      assert.match(fs.readFileSync(file, "utf8"), /^([a-z])\1{19999}$/);
      looks++;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const { code: status, said } of await ended) {
    assert.equal(status, 0, said);
  }
  assert.ok(looks > 0);
  assert.deepEqual(
    fs.readdirSync(base).filter((name) => /part/.test(name)),
    [],
  );
});
