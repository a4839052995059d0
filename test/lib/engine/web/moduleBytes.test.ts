import assert from "node:assert/strict";
import { test } from "node:test";
import { MODULES, SOURCES } from "../../../../lib/engine/web/moduleBytes";
import { hashOfSources, sources, VARIANTS } from "../../../../scripts/webAssembly/sources.mjs";

test("the module was made from the sources as they are", () => {
  assert.equal(
    SOURCES,
    hashOfSources(),
    "sources of the WebAssembly module have changed: `node scripts/webAssembly/make.mjs` makes it from them " +
      "(Debian: apt install clang-19 lld-19)",
  );
});

test("its sources are found through their includes", () => {
  const names = sources().map(([name]) => name);
  for (const name of ["module.cc", "program.h", "products.h", "vectors.h", "kernels.h"]) {
    assert.ok(names.includes(name), `${name} is not among ${names}`);
  }
});

test("there is a module for each set of instructions, and it asks nothing of its host", async () => {
  assert.deepEqual(Object.keys(MODULES), Object.keys(VARIANTS));
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      Module: { new (bytes: Uint8Array): object; imports(module: object): unknown[] };
    };
  };
  const made = new WebAssembly.Module(Buffer.from(MODULES.simd, "base64"));
  assert.deepEqual(WebAssembly.Module.imports(made), []);
  for (const base64 of Object.values(MODULES)) {
    assert.ok(base64.length < 120_000, "small enough to be part of a page's script");
  }
});
