"use strict";
// What `import ... from "karenina"` loads in Node and in both kernels: the names of index.ts, each of which
// loads its file when it is first used, so that a program waits for no more of the library than it takes.
// (Bundlers for browsers take index.ts itself, and leave out what is not used.) For npm
// scripts/release/lazyIndex.ts writes the names down.
const { readFileSync } = require("node:fs");
const { contentsOf } = require("./contents.cjs");

const { effects, names } = contentsOf(readFileSync(`${__dirname}/index.ts`, "utf8"));
for (const file of effects) {
  require(file);
}

Object.defineProperty(exports, "__esModule", { value: true });
for (const { name, original, file } of names) {
  let module;
  const get = () => {
    module ??= require(file);
    return original === "*" ? module : module[original];
  };
  Object.defineProperty(exports, name, { enumerable: true, get });
}
