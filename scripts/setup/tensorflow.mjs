// Step 2: a TensorFlow that computes. The ways are tried in order; each counts only when a child
// process has multiplied matrices with it.
import fs from "node:fs";
import { compilerOnPath } from "./compiler.mjs";
import { withLock } from "./lock.mjs";
import { probe } from "./probe.mjs";
import { readRecord as readRecordFile, writeRecord } from "./record.mjs";
import { SetupError } from "./report.mjs";
import { which } from "./run.mjs";
import { addOnIn, homeOf, unlinkHome } from "./tensorflowHome.mjs";
import * as official from "./tensorflowOfficial.mjs";
import * as wheel from "./tensorflowWheel.mjs";

export const name = "TensorFlow";

const WAYS = [official, wheel];

/**
 * @typedef {object} TensorflowRecord
 * @property {"native" | "wasm"} backend
 * @property {string} version of TensorFlow, or of TensorFlow.js where it is WebAssembly
 * @property {string} way how it was got
 * @property {string[]} reasons why the better ways were not taken
 * @property {boolean} forced whether a person asked for this backend
 * @property {string} circumstances what a change of makes another try worthwhile
 */

/** @param {import("./project.mjs").Project} project @returns {TensorflowRecord | null} */
export function readRecord(project) {
  return readRecordFile(project.tensorflowRecord);
}

/**
 * What is asked for. The command line's word is kept for later runs, that of KARENINA_BACKEND holds
 * for one run and leaves what is installed as it is.
 *
 * @param {string | undefined} option the value of --backend
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ backend: "native" | "wasm" | undefined, keep: boolean }}
 */
export function wantedBackend(option, env) {
  const [wanted, source] = option
    ? [option, "--backend"]
    : [env.KARENINA_BACKEND || undefined, "KARENINA_BACKEND"];
  if (wanted === undefined || wanted === "native" || wanted === "wasm") {
    return { backend: wanted, keep: option !== undefined };
  }
  throw new SetupError(
    `${source} is "${wanted}", but must be "native" (TensorFlow's C library) or "wasm" ` +
      "(WebAssembly). Leave it away, and the fastest that this machine can have is taken.",
  );
}

/**
 * Whether nothing is to be done.
 *
 * @param {import("./project.mjs").Project} project
 * @param {object} options
 * @param {"native" | "wasm"} [options.backend] what is asked for, by default the best
 * @param {boolean} [options.keep] whether later runs keep to it, too
 * @param {boolean} [options.quick] believe the record and the files, do not compute
 * @param {boolean} [options.retry] look for a native library even where the last search found none
 */
export async function check(project, options = {}) {
  const { backend, keep = false, quick = false, retry = false } = options;
  const record = readRecord(project);
  const hasAddOn = fs.existsSync(addOnIn(project.tfjsNode));
  if (backend === "wasm") {
    if (keep && (hasAddOn || !record?.forced)) {
      return { ok: false, detail: "not settled" };
    }
    if (quick) {
      return { ok: true, detail: "" };
    }
    const wasm = await probe(project, "wasm");
    return { ok: wasm.ok, detail: `WebAssembly ${wasm.version}, as asked for` };
  }
  if (hasAddOn) {
    if (quick && record) {
      return { ok: true, detail: "" };
    }
    const native = await probe(project, "native");
    if (!native.ok) {
      return { ok: false, detail: native.failure };
    }
    if (!record) {
      writeRecord(project.tensorflowRecord, found(native.version));
    }
    return { ok: true, detail: describe(readRecord(project)) };
  }
  const settled =
    record?.backend === "wasm" &&
    backend !== "native" &&
    !retry &&
    (record.forced || record.circumstances === circumstances(project));
  if (!settled) {
    return { ok: false, detail: "no native library" };
  }
  if (quick) {
    return { ok: true, detail: "" };
  }
  const wasm = await probe(project, "wasm");
  return { ok: wasm.ok, detail: describe(record) };
}

/**
 * @param {import("./project.mjs").Project} project
 * @param {object} options
 * @param {"native" | "wasm"} [options.backend] what is asked for, by default the best
 * @param {boolean} [options.keep] whether later runs keep to it, too
 * @param {import("./report.mjs").Reporter} options.report
 * @param {typeof WAYS} [options.ways] the ways to a native library, in order
 * @returns {Promise<string>} what there is now, in one line
 */
export async function install(project, { backend, keep = false, report, ways = WAYS }) {
  if (backend === "wasm") {
    const record = await wasmRecord(project, { reasons: [], forced: true });
    if (keep) {
      settleOnWasm(project, record);
    }
    return describe(record);
  }
  // What it says does not hold while the ways are tried, nor after a kill in the middle of that.
  fs.rmSync(project.tensorflowRecord, { force: true });
  const tried = await withLock(
    `${homeOf(project, "native").folder}.lock`,
    () => tryWays(project, ways, report),
    (owner) =>
      report.say(`  Waiting for another set-up (process ${owner}) to finish with TensorFlow.`),
  );
  if (tried.record) {
    writeRecord(project.tensorflowRecord, tried.record);
    if (tried.note) {
      report.say(`  Downloads are kept in build/cache, because ${tried.note}.`);
    }
    return describe(tried.record);
  }
  if (backend === "native") {
    throw new SetupError(
      "A native TensorFlow was asked for, and this machine cannot have one yet. " +
        `${sentences(tried.reasons)} Mend one of these and run \`npm run setup\`, or leave the choice ` +
        "of the backend away: WebAssembly needs nothing, and trains 2 to 10 times slower.",
    );
  }
  const record = await wasmRecord(project, { reasons: tried.reasons, forced: false });
  settleOnWasm(project, record);
  return describe(record);
}

async function tryWays(project, ways, report) {
  const reasons = [];
  for (const way of ways) {
    report.doing(name, `trying: ${way.name}`);
    const outcome = await way.install(project, report);
    if (outcome.ok) {
      const { version, note } = outcome;
      const record = { backend: "native", version, way: way.name, reasons, forced: false };
      return { record, note };
    }
    reasons.push(`${way.name}: ${outcome.reason}`);
  }
  return { record: null, reasons };
}

async function wasmRecord(project, { reasons, forced }) {
  const wasm = await probe(project, "wasm");
  if (wasm.ok) {
    return {
      backend: "wasm",
      version: wasm.version,
      way: "npm package",
      reasons,
      forced,
      circumstances: circumstances(project),
    };
  }
  throw new SetupError(
    `TensorFlow does not run here, not even as WebAssembly: ${wasm.failure}. ${sentences(reasons)} ` +
      "Delete node_modules and run `npm run setup` again; if that does not help, use Node 20, 22 or 24.",
  );
}

function settleOnWasm(project, record) {
  // A native add-on that does not work would be tried again by every program.
  unlinkHome(project);
  writeRecord(project.tensorflowRecord, record);
}

/** @param {TensorflowRecord} record */
function describe({ backend, version, way, reasons, forced }) {
  if (backend === "native") {
    return `${version}, native, ${way}`;
  }
  if (forced) {
    return `WebAssembly ${version}, as asked for`;
  }
  return (
    `WebAssembly ${version}, which trains 2 to 10 times slower than native. ${sentences(reasons)} ` +
    "Once one of these is mended, run `npm run setup`."
  );
}

function sentences(reasons) {
  return reasons.map((reason) => `${reason[0].toUpperCase()}${reason.slice(1)}.`).join(" ");
}

function found(version) {
  return { backend: "native", version, way: "found in node_modules", reasons: [], forced: false };
}

/** With another compiler or Python on the PATH, a search that failed may succeed. */
function circumstances(project) {
  const python = which(["python3", "python"], project.env);
  return [process.platform, process.arch, compilerOnPath(project.env), python].join(" ");
}
