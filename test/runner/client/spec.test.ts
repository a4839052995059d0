import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findKernelSpec, listKernelNames } from "../../../runner/client";
import { temporaryFolder } from "./kernels";

function install(folder: string, name: string, kernel: unknown): void {
  mkdirSync(join(folder, name), { recursive: true });
  const text = typeof kernel === "string" ? kernel : JSON.stringify(kernel);
  writeFileSync(join(folder, name, "kernel.json"), text);
}

test("the project's kernels win over its environment's, JUPYTER_PATH's and the user's", () => {
  const root = temporaryFolder();
  const user = temporaryFolder();
  const lookup = {
    root,
    env: { HOME: user, JUPYTER_PATH: join(root, "path"), JUPYTER_DATA_DIR: join(user, "data") },
  };
  const places = [
    join(user, "data/kernels"),
    join(root, "path/kernels"),
    join(root, ".venv/share/jupyter/kernels"),
    join(root, "build/kernels"),
  ];
  for (const [index, place] of places.entries()) {
    install(place, "k", { argv: [`program-${index}`], interrupt_mode: "message" });
    const spec = findKernelSpec("k", lookup);
    assert.equal(spec.argv[0], `program-${index}`);
    assert.equal(spec.resourceDir, join(place, "k"));
    assert.equal(spec.interruptMode, "message");
  }
  install(places[0], "another", { argv: ["x"] });
  assert.deepEqual(
    listKernelNames(lookup).filter((name) => ["k", "another"].includes(name)),
    ["another", "k"],
  );
});

test("an unknown kernel is an error that lists the known ones", () => {
  const root = temporaryFolder();
  install(join(root, "build/kernels"), "known", { argv: ["x"] });
  for (const name of ["unknown", "../known", ""]) {
    assert.throws(
      () => findKernelSpec(name, { root, env: {} }),
      (error: Error) => error.message.includes(`"${name}"`) && error.message.includes("known"),
    );
  }
});

test("a kernel.json that cannot be used is named", () => {
  const root = temporaryFolder();
  const folder = join(root, "build/kernels");
  install(folder, "broken", "{");
  install(folder, "empty", { argv: [] });
  install(folder, "null", "null");
  for (const name of ["broken", "empty", "null"]) {
    assert.throws(() => findKernelSpec(name, { root, env: {} }), new RegExp(join(folder, name)));
  }
});
