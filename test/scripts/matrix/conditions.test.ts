import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { shippedRegistry } from "../../../lib/datasets/registry";
import type { Notebook } from "../../../runner/notebookFile";
import { dataSetsIn, dataVariables, neededFor, replaceable } from "../../../scripts/matrix/data";
import { ENGINES, hasMoreThanAvx2 } from "../../../scripts/matrix/engines";
import { sourcesKey } from "../../../scripts/matrix/plan";
import { temporaryFolder } from "../../runner/client/kernels";
import { notebookOf } from "../../runner/notebooks";

const registry = shippedRegistry();
const namedIn = (code: string) => dataSetsIn(notebookOf([code]) as Notebook, registry);

test("a lesson's data sets are those that it names and those that a loader takes unasked", () => {
  const code = 'await loadTable("penguins").catch(() => loadTable("penguins-vega"))';
  assert.deepEqual(namedIn(code), ["penguins", "penguins-vega"]);
  assert.deepEqual(namedIn("await loadMnist()"), ["mnist"]);
  assert.deepEqual(namedIn("await loadAddresses({ from: 1900 })"), ["sotu"]);
  assert.deepEqual(namedIn("penguins.map(String); makeMoons()"), []);
});

test("only what does not come from npm can be missing, and its stand-in is needed in its place", () => {
  const penguins = ["penguins", "penguins-vega"];
  assert.deepEqual(replaceable([...penguins, "sotu", "winequality-red"], registry), [
    "penguins",
    "winequality-red",
  ]);
  assert.deepEqual(neededFor("real", [...penguins, "sotu"], registry), ["penguins", "sotu"]);
  assert.deepEqual(neededFor("stand-ins", [...penguins, "sotu"], registry), [
    "penguins-vega",
    "sotu",
  ]);
  assert.deepEqual(neededFor("either", ["sotu"], registry), ["sotu"]);
});

test("with stand-ins a lesson has no data folder, no network and a cache of its own", () => {
  assert.deepEqual(dataVariables("stand-ins", "/matrix"), {
    KARENINA_DATA: "",
    KARENINA_CACHE: join("/matrix", "stand-ins"),
    KARENINA_OFFLINE: "1",
  });
  assert.deepEqual([dataVariables("real", "x"), dataVariables("either", "x")], [{}, {}]);
});

test("AVX2 is an engine of its own where oneDNN would find more", () => {
  const flags = (names: string) => `model name\t: Some\nflags\t\t: fpu avx avx2 ${names}\n`;
  assert.equal(hasMoreThanAvx2("x64", flags("fma")), false);
  assert.equal(hasMoreThanAvx2("x64", flags("avx512f avx512_vnni")), true);
  assert.equal(hasMoreThanAvx2("x64", flags("avx_vnni")), true);
  assert.equal(hasMoreThanAvx2("x64", undefined), true, "no knowing: it is run");
  assert.equal(hasMoreThanAvx2("arm64", undefined), false);
  assert.deepEqual(
    ENGINES.filter(({ inPage }) => !inPage).map(({ env }) => [
      env.KARENINA_BACKEND,
      env.TF_ENABLE_ONEDNN_OPTS,
      env.ONEDNN_MAX_CPU_ISA,
    ]),
    [
      ["native", "1", undefined],
      ["native", "0", undefined],
      ["native", "1", "AVX2"],
      ["wasm", undefined, undefined],
    ],
  );
});

test("the key of the sources changes with the library, the kernel, the registry, the packages", () => {
  const root = temporaryFolder();
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
    return sourcesKeyOrNone();
  };
  const sourcesKeyOrNone = () => {
    try {
      return sourcesKey(root);
    } catch {
      return "";
    }
  };
  const names = [
    "lib/a.ts",
    "lib/deep/b.cjs",
    "kernel/c.ts",
    "datasets/registry.json",
    "package-lock.json",
  ];
  for (const name of names) {
    write(name, "one");
  }
  const seen = new Set([sourcesKey(root)]);
  for (const name of names) {
    seen.add(write(name, "two"));
  }
  assert.equal(seen.size, names.length + 1);
  const last = sourcesKey(root);
  assert.equal(
    write("kernel/dist/built.cjs", "x"),
    last,
    "what is made of the sources says nothing",
  );
  assert.equal(write("lib/README.md", "x"), last);
});
