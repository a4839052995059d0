import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";
import { project } from "../../scripts/setup/project.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const launch = path.join(project.root, "scripts", "launch.mjs");
const { NODE_TEST_CONTEXT: _, ...env } = process.env;

test("a TypeScript program gets its arguments, and its exit status comes back", (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "program.ts");
  write(
    file,
    `import { tf } from ${JSON.stringify(path.join(project.root, "lib"))};
     const words: string[] = process.argv.slice(2);
     console.log(JSON.stringify(words), typeof tf.matMul);
     process.exitCode = 7;`,
  );
  const result = spawnSync(process.execPath, [launch, file, "a b", "--c"], {
    env,
    encoding: "utf8",
  });
  assert.equal(result.stdout, '["a b","--c"] function\n', result.stderr);
  assert.equal(result.status, 7);
});

test("a signal reaches the program, whose answer to it counts", {
  skip: process.platform === "win32",
}, async (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "program.ts");
  write(
    file,
    `setInterval(() => {}, 1000);
     process.once("SIGINT", () => process.exit(42));
     console.log("ready");`,
  );
  const child = spawn(process.execPath, [launch, file], { env, stdio: ["ignore", "pipe", "pipe"] });
  await once(child.stdout, "data");
  child.kill("SIGINT");
  assert.deepEqual(await once(child, "exit"), [42, null]);

  const other = spawn(process.execPath, [launch, file], { env, stdio: ["ignore", "pipe", "pipe"] });
  await once(other.stdout, "data");
  other.kill("SIGTERM");
  assert.deepEqual(await once(other, "exit"), [128 + 15, null]);
});

test("when npm's shell is killed, the program has to end", {
  skip: process.platform === "win32",
}, async (t) => {
  const { base } = temporaryProject(t);
  const file = path.join(base, "program.ts");
  write(
    file,
    `setInterval(() => {}, 1000);
     process.once("SIGTERM", () => {
       console.log("told to end");
       process.exit();
     });
     console.log("ready");`,
  );
  // Not its last command: else some shells become the program instead of starting it.
  const command = `"${process.execPath}" "${launch}" "${file}"; exit 3`;
  const shell = spawn("/bin/sh", ["-c", command], {
    env: { ...env, npm_lifecycle_event: "notebooks" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  shell.stdout.setEncoding("utf8").on("data", (text) => said.push(text));
  await once(shell.stdout, "data");
  shell.kill("SIGTERM");
  // The stream ends when all who could write to it have ended.
  await once(shell.stdout, "end");
  assert.equal(said.join(""), "ready\ntold to end\n");
});

test("without a file it says how it is used", () => {
  const result = spawnSync(process.execPath, [launch], { env, encoding: "utf8" });
  assert.match(result.stderr, /Usage: node scripts\/launch\.mjs FILE\.ts/);
  assert.equal(result.status, 1);
});
