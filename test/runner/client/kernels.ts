import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findKernelSpec, type KernelSpec, listKernelNames } from "../../../runner/client";

export const ROOT = resolve(__dirname, "../../..");
export const TSX = join(ROOT, "node_modules/tsx/dist/cjs/index.cjs");

function spec(name: string, argv: string[]): KernelSpec {
  return {
    name,
    resourceDir: ROOT,
    argv,
    displayName: name,
    language: "",
    interruptMode: "signal",
    env: {},
  };
}

/** The kernel of scripted-kernel.ts; traits as it names them. */
export function scripted(...traits: string[]): KernelSpec {
  const script = join(__dirname, "scriptedKernel.ts");
  return spec("scripted", [process.execPath, "-r", TSX, script, "{connection_file}", ...traits]);
}

/** A kernel that is any Node program. */
export function program(source: string): KernelSpec {
  return spec("program", [process.execPath, "-e", source, "{connection_file}"]);
}

export const TSLAB = spec("tslab", [
  process.execPath,
  "-r",
  TSX,
  join(ROOT, "node_modules/tslab/bin/tslab"),
  "kernel",
  "--config-path",
  "{connection_file}",
]);

/** The project's own kernel, once set-up has installed it. */
export const KARENINA = listKernelNames({ root: ROOT }).includes("karenina")
  ? findKernelSpec("karenina", { root: ROOT })
  : undefined;

/** The first Python here that has all of these modules, or undefined. */
export function pythonWith(...modules: string[]): string | undefined {
  return [join(ROOT, ".venv/bin/python"), "python3"].find(
    (python) => spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0,
  );
}

const python = pythonWith("ipykernel");
/** The reference kernel, where this machine has it. */
export const IPYKERNEL = python
  ? spec("ipykernel", [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
  : undefined;

/** A fresh folder that is removed when the tests' process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kernel-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A Jupyter data folder, for JUPYTER_PATH, with these kernels installed. */
export function jupyterFolder(...specs: KernelSpec[]): string {
  const folder = temporaryFolder();
  for (const { name, argv, language } of specs) {
    mkdirSync(join(folder, "kernels", name), { recursive: true });
    writeFileSync(
      join(folder, "kernels", name, "kernel.json"),
      JSON.stringify({ argv, display_name: name, language }),
    );
  }
  return folder;
}

/** Whether a process is there and is more than a zombie. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, "utf8"));
}

/** Resolves once the condition holds; rejects after two minutes, which is a hang on any machine. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`It never came about within 120 s that ${what}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The connection folders of kernels that are running now. */
export function connectionFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("kernel-connection-"));
}

/**
 * Tries what has to come about before a time limit strikes with longer and longer limits, since
 * nobody knows how long a busy machine takes.
 *
 * @param attempt whether it came about within this limit, in milliseconds
 */
export async function withGrowingLimit(
  attempt: (limitMs: number) => Promise<boolean>,
  what: string,
): Promise<void> {
  for (let limitMs = 2000; limitMs <= 128_000; limitMs *= 4) {
    if (await attempt(limitMs)) {
      return;
    }
  }
  throw new Error(`It never came about within 128 s that ${what}.`);
}
