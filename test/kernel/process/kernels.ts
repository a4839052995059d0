import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { kernelJson } from "../../../kernel/install/kernelspec";
import { packageRoot } from "../../../kernel/node/packageRoot";
import {
  type ExecuteResult,
  type Kernel,
  type Output,
  type StartOptions,
  startKernel,
} from "../../../runner/client";

/** Starts the kernel as its specification says, in an empty folder or the given one. */
export async function start(
  cwd = emptyFolder(),
  options: Pick<StartOptions, "encrypted" | "env"> = {},
): Promise<Kernel> {
  const built = spawnSync(process.execPath, [join(packageRoot(), "build.mjs")], {
    encoding: "utf8",
  });
  if (built.status !== 0) {
    throw new Error(`The kernel could not be built: ${built.stderr}`);
  }
  const { argv, display_name, env } = kernelJson({
    displayName: "TypeScript",
    require: [],
    env: {},
  });
  const kernel = await startKernel({
    spec: {
      name: "karenina",
      resourceDir: cwd,
      argv,
      displayName: display_name,
      language: "typescript",
      interruptMode: "message",
      env,
    },
    cwd,
    ...options,
    env: { KARENINA_HISTORY: "off", ...options.env },
  });
  after(() => kernel.shutdown());
  return kernel;
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The text that a cell printed. */
export function printed({ outputs }: ExecuteResult, name = "stdout"): string {
  return outputs
    .map((output) => (output.output_type === "stream" && output.name === name ? output.text : ""))
    .join("");
}

/** The plain text of a cell's result. */
export function result({ outputs }: ExecuteResult): unknown {
  return bundles(outputs, "execute_result")[0]?.["text/plain"];
}

export function bundles(outputs: Output[], type: "execute_result" | "display_data") {
  return outputs.flatMap((output) => (output.output_type === type ? [output.data] : []));
}

/** The error that a cell ended with. */
export function errorOf({ outputs }: ExecuteResult) {
  const error = outputs.find((output) => output.output_type === "error");
  if (error?.output_type !== "error") {
    throw new Error(`The cell gave no error but ${JSON.stringify(outputs)}.`);
  }
  return error;
}
