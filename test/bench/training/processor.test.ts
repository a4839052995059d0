import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { cachesOf, instructionsOf, readProcessor } from "../../../bench/training/processor";

test("the best set of instructions is named, on either family of processors", () => {
  const x64 = "processor : 0\nflags\t\t: fpu sse2 avx2 fma avx512f\nbugs : none\n";
  assert.equal(instructionsOf(x64), "AVX-512");
  assert.equal(instructionsOf(x64.replace("avx512f", "avx512f avx512_vnni")), "AVX-512 with VNNI");
  assert.equal(instructionsOf(x64.replace(" avx512f", "")), "AVX2");
  assert.equal(instructionsOf("Features\t: fp asimd evtstrm\n"), "NEON");
  assert.equal(instructionsOf(""), "");
});

test("caches for data are listed by level, and nothing is said where nothing is known", (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-caches-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const caches = [
    ["3", "Unified", "32768K"],
    ["1", "Instruction", "32K"],
    ["1", "Data", "48K"],
    ["2", "Unified", "1024K"],
  ];
  for (const [i, [level, type, size]] of caches.entries()) {
    const index = path.join(folder, `index${i}`);
    fs.mkdirSync(index);
    for (const [name, text] of Object.entries({ level, type, size })) {
      fs.writeFileSync(path.join(index, name), `${text}\n`);
    }
  }
  fs.mkdirSync(path.join(folder, "power"));
  assert.equal(cachesOf(folder), "L1 48K, L2 1024K, L3 32768K");
  const missing = path.join(folder, "missing");
  assert.equal(cachesOf(missing), "");
  assert.equal(readProcessor(missing), "");
});
