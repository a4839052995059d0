"use strict";
// Preloaded (NODE_OPTIONS) by a kernel whose notebook's assertions are counted, ours or stock tslab.
// Cells in which countAssertions has marked the assertions report here; the outcome of each goes as
// a line of JSON into the file that KARENINA_ASSERTIONS names, and a failed assertion does not throw.
const assert = require("node:assert");
const { appendFileSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const { inspect } = require("node:util");
const { isMainThread } = require("node:worker_threads");

const file = process.env.KARENINA_ASSERTIONS;
// Not what the kernel starts: only its own cells are marked.
delete process.env.KARENINA_ASSERTIONS;

/** The assertion that is called next, and whether its last argument is only the mark. */
let marked;

function record(id, ok, message) {
  appendFileSync(file, `${JSON.stringify({ id, ok, message })}\n`);
}

function messageOf(error, name, args) {
  // It would quote this file's source.
  if (name === "ok" && error?.generatedMessage) {
    return `it is ${inspect(args[0], { depth: 0 })}`;
  }
  return typeof error?.message === "string" ? error.message : inspect(error);
}

/** The function of node:assert, which throws only where no assertion is marked. */
function counted(name, original) {
  const call = function (...args) {
    // Node.js tells match from doesNotMatch by comparing what is called with assert.match.
    if (name !== "match") {
      return original.apply(this, args);
    }
    assert.match = original;
    try {
      return original.apply(this, args);
    } finally {
      assert.match = replacement;
    }
  };
  const replacement = function (...args) {
    if (!marked) {
      return call.apply(this, args);
    }
    const { id, additional } = marked;
    marked = undefined;
    if (additional) {
      args.pop();
    }
    const held = () => record(id, true);
    const failed = (error) => record(id, false, messageOf(error, name, args));
    let result;
    try {
      result = call.apply(this, args);
    } catch (error) {
      failed(error);
      return undefined;
    }
    if (typeof result?.then === "function") {
      return result.then(held, failed);
    }
    held();
    return result;
  };
  return Object.assign(replacement, original);
}

if (file && isMainThread) {
  const replaced = new Map();
  for (const module of [assert, assert.strict]) {
    for (const [name, original] of Object.entries(module)) {
      // Those with a capital are classes.
      if (typeof original !== "function" || /^(strict|[A-Z].*)$/.test(name)) {
        continue;
      }
      if (!replaced.has(original)) {
        replaced.set(original, counted(name, original));
      }
      module[name] = replaced.get(original);
    }
  }
  syncBuiltinESMExports();
  Object.defineProperty(process, Symbol.for("karenina.assertions"), {
    value: {
      at(id, argument) {
        marked = { id, additional: false };
        return argument;
      },
      here(id) {
        marked = { id, additional: true };
      },
      held: (id) => record(id, true),
      /** Of an exercise's check: what else goes wrong is no verdict and ends the cell. */
      failed(id, error) {
        if (error?.name !== "ExerciseError") {
          throw error;
        }
        record(id, false, messageOf(error));
      },
    },
  });
}
