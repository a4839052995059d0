// Step 3: the library's own operations for TensorFlow, compiled beside tfjs-node's add-on. They make
// training faster and nothing else: where they cannot be had, TensorFlow's own operations do the work.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compilerOnPath, findCompiler } from "./compiler.mjs";
import { nodeOptions } from "./program.mjs";
import { readRecord, writeRecord } from "./record.mjs";
import { lastLine, run } from "./run.mjs";
import { addOnIn } from "./tensorflowHome.mjs";

const require = createRequire(import.meta.url);
const {
  FLAGS,
  SHARED,
  SOURCES,
  operationsFile,
  variantsFor,
} = require("../../lib/host/node/operationsFile.cjs");

export const name = "operations";

const PROBE = fileURLToPath(new URL("operationsProbe.ts", import.meta.url));
/** The name of the library that has TensorFlow's interface for operations. */
const FRAMEWORK = "libtensorflow_framework.so.2";

/**
 * Whether nothing is to be done: they are there, nobody could use them, or the last try failed under the
 * same circumstances.
 *
 * @param {import("./project.mjs").Project} project
 * @param {object} [options]
 * @param {string} [options.backend] the backend that is asked for
 * @param {boolean} [options.quick] believe the files, do not compute
 * @param {boolean} [options.retry] try again what failed
 */
export async function check(project, { backend, quick = false, retry = false } = {}) {
  const wanted = backend ?? project.env.KARENINA_BACKEND;
  if (project.env.KARENINA_OPERATIONS === "off" || wanted === "wasm" || !canLoad(project)) {
    return { ok: true, detail: "" };
  }
  const file = operationsFile(project.tfjsNode);
  if (fs.existsSync(file)) {
    if (quick) {
      return { ok: true, detail: "" };
    }
    const works = await probe(project, file);
    return { ok: works.ok, detail: works.ok ? describe(works) : works.failure };
  }
  const failed = readFailure(project);
  const settled = !retry && failed?.circumstances === circumstances(project, file);
  return { ok: settled, detail: settled ? withoutThem(failed.reason) : "not compiled" };
}

/**
 * Whatever goes wrong is an outcome: nothing depends on them.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<string>} the outcome, in one line
 */
export async function install(project) {
  const file = operationsFile(project.tfjsNode);
  try {
    fs.rmSync(file, { force: true });
    const works = await build(project, file);
    fs.rmSync(failureFile(project), { force: true });
    return describe(works);
  } catch (error) {
    const reason = error.message.split("\n")[0];
    writeFailure(project, { circumstances: circumstances(project, file), reason });
    return withoutThem(reason);
  }
}

/** Compiles to a name of its own, tries the outcome in a child process, and renames it into place. */
async function build(project, file) {
  const variants = variantsFor();
  if (process.platform !== "linux" || variants === undefined) {
    throw new Error(`they are for Linux on x64 and arm64, not ${process.platform}-${process.arch}`);
  }
  const deps = path.join(project.tfjsNode, "deps");
  if (!fs.existsSync(path.join(deps, "include", "tensorflow", "c", "tf_tensor.h"))) {
    throw new Error("the installed TensorFlow has no headers");
  }
  const { compiler, reason } = findCompiler(project.env);
  if (compiler === null) {
    throw new Error(reason);
  }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const making = `${file.replace(/\.node$/, "")}.making-${process.pid}.node`;
  const objects = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-operations-"));
  try {
    const includes = [
      `-I${SHARED}`,
      `-I${path.join(project.nodeModules, "node-api-headers", "include")}`,
      `-I${path.join(deps, "include")}`,
    ];
    const call = async (...args) => {
      const result = await run(compiler, [...FLAGS, ...includes, ...args], { env: project.env });
      if (!result.ok) {
        throw new Error(`${compiler} failed: ${lastLine(result.stderr) || result.failure}`);
      }
    };
    const compiled = [];
    for (const [variant, flags] of Object.entries(variants)) {
      const object = path.join(objects, `${variant}.o`);
      const kernels = path.join(SOURCES, "kernels.cc");
      await call(...flags, `-DVARIANT=${variant}`, "-c", kernels, "-o", object);
      compiled.push(object);
    }
    const others = fs
      .readdirSync(SOURCES)
      .filter((source) => source.endsWith(".cc") && source !== "kernels.cc")
      .map((source) => path.join(SOURCES, source));
    await call(
      "-shared",
      ...others,
      ...compiled,
      "-o",
      making,
      "-Wl,-rpath,$ORIGIN/../../deps/lib",
      // Node.js unloads the add-ons of a worker that ends; TensorFlow would go on to call this one.
      "-Wl,-z,nodelete",
      `-L${path.join(deps, "lib")}`,
      `-l:${FRAMEWORK}`,
    );
    const works = await probe(project, making);
    if (!works.ok) {
      throw new Error(`they do not run: ${works.failure}`);
    }
    fs.renameSync(making, file);
    return works;
  } finally {
    fs.rmSync(making, { force: true });
    fs.rmSync(objects, { recursive: true, force: true });
  }
}

/** Trains a little with them, in a child process: what is broken may kill its process. */
async function probe(project, file) {
  const result = await run(
    process.execPath,
    [...nodeOptions(project), "-r", project.doors, PROBE, file],
    {
      cwd: project.root,
      env: { ...project.env, KARENINA_BACKEND: "native", TF_CPP_MIN_LOG_LEVEL: "3" },
      limitSeconds: 120,
    },
  );
  if (!result.ok) {
    return { ok: false, failure: lastLine(result.stderr) || result.failure };
  }
  return { ok: true, instructions: result.stdout.trim() };
}

/** Whether this project has TensorFlow's C library, and the sources of the operations. */
function canLoad(project) {
  return fs.existsSync(addOnIn(project.tfjsNode)) && operationsFile(project.tfjsNode) !== null;
}

const SPOKEN = { avx512: "AVX-512", avx2: "AVX2", plain: process.arch === "x64" ? "SSE2" : "NEON" };

function describe({ instructions }) {
  return `of our own for TensorFlow, with ${SPOKEN[instructions] ?? instructions}`;
}

function withoutThem(reason) {
  return `none of our own, TensorFlow's do the work: ${reason}`;
}

/** With another compiler, other sources or another TensorFlow, what failed may succeed. */
function circumstances(project, file) {
  const parts = [path.basename(file), compilerOnPath(project.env), realPath(project.tfjsNode)];
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

function realPath(tfjsNode) {
  return fs.realpathSync(path.join(tfjsNode, "lib"));
}

function failureFile(project) {
  return path.join(path.dirname(project.tensorflowRecord), "operations.json");
}

function readFailure(project) {
  return readRecord(failureFile(project));
}

/** Where nothing can be written, the next set-up tries again. */
function writeFailure(project, failure) {
  try {
    writeRecord(failureFile(project), failure);
  } catch {
    // Nothing else depends on it.
  }
}
