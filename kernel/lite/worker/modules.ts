// The modules of Node's that cells find in a page, and the errors of all others.
import assert from "node:assert/strict";
import type { ModuleSystem, Require } from "../../session/host";
import buffer from "../web/buffer";
import childProcess from "../web/childProcess";
import crypto from "../web/crypto";
import events from "../web/events";
import fs from "../web/fs";
import os from "../web/os";
import path from "../web/path";
import webProcess from "../web/process";
import timers from "../web/timers";
import url from "../web/url";
import util from "../web/util";

const promisedTimers = {
  setTimeout: (delay?: number, value?: unknown) =>
    new Promise((resolve) => globalThis.setTimeout(() => resolve(value), delay)),
  setImmediate: (value?: unknown) =>
    new Promise((resolve) => timers.setImmediate(() => resolve(value))),
};

const MODULES: Record<string, object> = {
  assert,
  "assert/strict": assert,
  buffer,
  child_process: childProcess,
  crypto,
  events,
  fs,
  "fs/promises": fs.promises,
  os,
  path,
  perf_hooks: { performance },
  process: webProcess,
  timers,
  "timers/promises": promisedTimers,
  url,
  util,
};

/** Names by which Node's other modules are known without `node:`. */
const OTHERS = new Set(
  (
    "async_hooks cluster dgram dns http http2 https inspector module net " +
    "readline repl stream string_decoder tls tty v8 vm worker_threads zlib"
  ).split(" "),
);

const bare = (specifier: string) => specifier.replace(/^node:/, "");

const isBuiltIn = (specifier: string) =>
  specifier.startsWith("node:") || specifier in MODULES || OTHERS.has(specifier);

/** @param advice for people whose code imports what is not there */
export function webModules(advice: string): ModuleSystem {
  const load = (specifier: string): unknown => {
    const found = MODULES[bare(specifier)];
    if (found) {
      return found;
    }
    const error = isBuiltIn(specifier)
      ? new Error(`${specifier} is a module of Node.js that a page in a browser has nothing for.`)
      : new Error(`Cannot find module '${specifier}'\n${advice}`);
    throw Object.assign(error, { code: "MODULE_NOT_FOUND" });
  };
  return {
    isBuiltIn,
    globalFolders: () => [],
    import: async (specifier) => load(specifier),
    requireFrom(): Require {
      return Object.assign(load, {
        resolve: (specifier: string) => {
          load(specifier);
          return specifier;
        },
      });
    },
  };
}
