// What set-up installed: packages, TensorFlow, Jupyter, kernels, and whether each really works.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as jupyter from "../setup/jupyter.mjs";
import * as npm from "../setup/npm.mjs";
import * as operations from "../setup/operations.mjs";
import { probe } from "../setup/probe.mjs";
import { nodeOptions } from "../setup/program.mjs";
import { lastLine, run } from "../setup/run.mjs";
import { readRecord } from "../setup/tensorflow.mjs";
import { addOnIn } from "../setup/tensorflowHome.mjs";

const kernelInfo = fileURLToPath(new URL("kernelInfo.cjs", import.meta.url));

/**
 * @param {import("../setup/project.mjs").Project} project
 * @returns {AsyncGenerator<import("./tools.mjs").Finding>}
 */
export async function* examineInstalled(project) {
  const packages = await npm.check(project);
  yield packages.ok
    ? { state: "ok", name: npm.name, text: `${packages.detail}, as in package-lock.json` }
    : { state: "FAIL", name: npm.name, text: `${packages.detail}: run \`npm run setup\`` };
  if (!packages.ok) {
    return;
  }

  yield* examineTensorflow(project);

  const lab = await jupyter.check(project);
  yield lab.ok
    ? { state: "ok", name: jupyter.name, text: lab.detail }
    : { state: "note", name: jupyter.name, text: `${lab.detail}: run \`npm run setup\`` };

  const specs = fs.existsSync(project.kernelspecs) ? fs.readdirSync(project.kernelspecs) : [];
  if (specs.length === 0) {
    yield { state: "FAIL", name: "kernels", text: "no kernelspec: run `npm run setup`" };
  }
  for (const kernel of specs.sort()) {
    yield await examineKernel(project, kernel);
  }
}

async function* examineTensorflow(project) {
  const forced = project.env.KARENINA_BACKEND || undefined;
  const backend = forced ?? (fs.existsSync(addOnIn(project.tfjsNode)) ? "native" : "wasm");
  const result = await probe(project, backend, { speed: true });
  if (!result.ok) {
    const text = `${backend} does not compute: ${result.failure}. Run \`npm run setup\``;
    yield { state: "FAIL", name: "TensorFlow", text };
    return;
  }
  const record = readRecord(project);
  const way = forced ? "as KARENINA_BACKEND asks" : (record?.way ?? "origin unknown");
  const threads =
    backend === "native"
      ? `${project.env.TF_NUM_INTRAOP_THREADS || os.availableParallelism()} threads, `
      : "";
  yield {
    state: "ok",
    name: "TensorFlow",
    text:
      `${result.version}, ${backend}, ${way}; ${threads}` +
      `${result.gigaflops.toFixed(0)} GFLOP/s on a 1024 x 1024 matrix product`,
  };
  for (const reason of record?.reasons ?? []) {
    yield { state: "note", name: "", text: `not the ${reason}` };
  }
  const own = await operations.check(project);
  if (own.detail) {
    const remedy = own.ok ? "" : ": run `npm run setup`";
    yield { state: own.ok ? "ok" : "note", name: operations.name, text: own.detail + remedy };
  }
}

async function examineKernel(project, kernel) {
  const result = await run(
    process.execPath,
    [...nodeOptions(project), kernelInfo, kernel, project.root],
    { cwd: project.root, env: project.env, limitSeconds: 120 },
  );
  const name = `kernel ${kernel}`;
  if (!result.ok) {
    const text = `does not start: ${lastLine(result.stderr) || result.failure}. Run \`npm run setup\``;
    return { state: "FAIL", name, text };
  }
  const { implementation, version, seconds } = JSON.parse(result.stdout);
  const where = path.join(project.kernelspecs, kernel);
  const text = `${implementation} ${version}, ready in ${seconds.toFixed(1)} s, ${where}`;
  return { state: "ok", name, text };
}
