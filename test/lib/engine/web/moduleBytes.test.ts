import assert from "node:assert/strict";
import { test } from "node:test";
import { withMemory } from "../../../../lib/engine/web/memory";
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

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: { new (bytes: Uint8Array): object; imports(module: object): unknown[] };
    Instance: new (module: object, imports: object) => object;
    validate(bytes: Uint8Array): boolean;
  };
};

test("there is a module for each set of instructions, and it asks nothing of its host but a memory", () => {
  assert.deepEqual(Object.keys(MODULES), Object.keys(VARIANTS));
  const made = new WebAssembly.Module(Buffer.from(MODULES.simd, "base64"));
  assert.deepEqual(WebAssembly.Module.imports(made), [
    { module: "env", name: "memory", kind: "memory" },
  ]);
  for (const base64 of Object.values(MODULES)) {
    assert.ok(base64.length < 140_000, "small enough to be part of a page's script");
  }
});

test("one byte decides whether its memory is shared", () => {
  for (const base64 of Object.values(MODULES)) {
    const original = Buffer.from(base64, "base64");
    if (!WebAssembly.validate(original)) {
      continue;
    }
    const [alone, shared] = [false, true].map((shares) => withMemory(original, shares));
    assert.deepEqual([alone.isShared, shared.isShared], [false, true]);
    assert.equal(original.filter((byte, place) => byte !== shared.bytes[place]).length, 1);
    assert.deepEqual(Buffer.from(alone.bytes), original);
    for (const [{ bytes }, { memory }, fits] of [
      [alone, alone, true],
      [shared, shared, true],
      [alone, shared, false],
      [shared, alone, false],
    ] as const) {
      const module = new WebAssembly.Module(bytes);
      const make = () => new WebAssembly.Instance(module, { env: { memory } });
      fits ? make() : assert.throws(make, /memory/);
    }
  }
});

test("a module without such a memory is no module of ours", () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  assert.throws(() => withMemory(empty, true), /does not import a memory/);
});
