// Names of files, kernels and packages go to programs as arguments, never through a shell that reads
// them. On Windows npm is a batch file, which only a shell starts; what it gets there is the project's
// own, or held to a schema.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(__dirname, "../..");

const sources = ["bench", "kernel", "lib", "scripts"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => /\.(ts|mjs|cjs)$/.test(file) && !/\/(node_modules|dist)\//.test(file)),
);
const matching = (pattern: RegExp) =>
  sources.filter((file) => pattern.test(readFileSync(join(ROOT, file), "utf8"))).sort();

test("no program is started through a shell, but npm on Windows", () => {
  assert.ok(sources.length > 200, "sources were found");
  assert.deepEqual(matching(/\bshell: (true|process\.|["'])/), [
    // The lines of a cell that begin with ! are the shell's.
    "kernel/node/commands.ts",
    "lib/host/node/fetcher.ts",
    "scripts/setup/run.mjs",
  ]);
});

test("exec and execSync, which always take a shell, are called by nobody", () => {
  assert.deepEqual(
    matching(/import \{[^}]*\b(exec|execSync)\b[^}]*\} from "(node:)?child_process"/),
    // They write out, and do not run, what a cell of shell lines could be in TypeScript.
    ["kernel/session/compile/magics.ts", "kernel/session/help/advice.ts"],
  );
});
