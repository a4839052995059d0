// The tests that run under both settings of oneDNN, TensorFlow's kernels for this or that processor.
import { readRecord } from "../setup/tensorflow.mjs";

/**
 * Where what is tried goes wrong inside TensorFlow, its words and its roundings depend on the
 * processor: so it is with the answers that exercises judge, and with input that has to be refused.
 * These are the tests of exercises and of losses, and those whose names say that they try errors,
 * arguments or wrong input.
 */
const SENSITIVE =
  /^test\/(lessons\/exercises\/|lib\/losses\/|lib\/.*(error|argument|wrong)[^/]*$)/i;

/** TensorFlow reads the variable when it is loaded. */
export const SETTINGS = [
  { name: "oneDNN on", env: { TF_ENABLE_ONEDNN_OPTS: "1" } },
  { name: "oneDNN off", env: { TF_ENABLE_ONEDNN_OPTS: "0" } },
];

/**
 * Sorts test files into those that run once and those that run under each of the settings. Where
 * TensorFlow's C library is not used, the settings mean nothing and all files run once.
 *
 * @param {import("../setup/project.mjs").Project} project
 * @param {string[]} files relative to the project
 * @returns {{ once: string[], each: string[] }}
 */
export function sortByOneDnn(project, files) {
  const wanted = project.env.KARENINA_BACKEND || readRecord(project)?.backend;
  const each = wanted === "wasm" ? [] : files.filter((file) => SENSITIVE.test(file));
  return { once: files.filter((file) => !each.includes(file)), each };
}
