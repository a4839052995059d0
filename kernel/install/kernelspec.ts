import { copyFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { packageRoot } from "../node/packageRoot";
import { replaceFolder } from "./replaceFolder";

/** A kernel.json. */
export interface KernelJson {
  argv: string[];
  display_name: string;
  language: "typescript";
  interrupt_mode: "message";
  env: Record<string, string>;
  metadata: { debugger: true; supported_encryption: ["curve"] };
}

export interface SpecOptions {
  displayName: string;
  /** Files that Node loads before the kernel. */
  require: string[];
  env: Record<string, string>;
}

export interface PlaceOptions {
  user?: boolean;
  sysPrefix?: boolean;
  prefix?: string;
}

/**
 * A small cell's check makes one or two megabytes of garbage, one that uses a large library ten. With
 * twice Node's young generation there are half as many collections of it. (Four times as much takes 60
 * MB more and saves no time.)
 */
const YOUNG_GENERATION = "--max-semi-space-size=32";

const LOGOS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

/** What Jupyter is to start: this Node, this kernel. */
export function kernelJson({ displayName, require, env }: SpecOptions): KernelJson {
  return {
    argv: [
      process.execPath,
      YOUNG_GENERATION,
      ...require.flatMap((file) => ["-r", file]),
      join(packageRoot(), "bin", "kernel.cjs"),
      "start",
      "{connection_file}",
    ],
    display_name: displayName,
    language: "typescript",
    // Signals cannot stop code that runs after an await; messages lead to what can.
    interrupt_mode: "message",
    env,
    metadata: { debugger: true, supported_encryption: ["curve"] },
  };
}

/**
 * The folder with a kernel of each name, as Jupyter looks for them:
 * https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 *
 * @throws Error where an environment is asked for and none is active
 */
export function kernelsFolder(
  { sysPrefix, prefix }: PlaceOptions,
  env: NodeJS.ProcessEnv = process.env,
): string {
  if (prefix !== undefined) {
    return join(resolve(prefix), "share", "jupyter", "kernels");
  }
  if (sysPrefix) {
    const active = env.VIRTUAL_ENV || env.CONDA_PREFIX;
    if (!active) {
      throw new Error(
        "--sys-prefix installs into the active Python environment, but neither VIRTUAL_ENV nor " +
          "CONDA_PREFIX is set. Activate the environment, or name its folder with --prefix.",
      );
    }
    return join(active, "share", "jupyter", "kernels");
  }
  return join(userData(env), "kernels");
}

/**
 * Writes a kernel specification, in place of one of the same name.
 *
 * @returns its folder
 * @throws Error where the name is none that Jupyter takes
 */
export function installKernelSpec(kernels: string, name: string, spec: KernelJson): string {
  if (!/^[\w.-]+$/.test(name)) {
    throw new Error(
      `"${name}" is no name for a kernel: Jupyter takes letters, digits, ".", "-" and "_".`,
    );
  }
  return replaceFolder(kernels, name, (folder) => {
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
    for (const logo of LOGOS) {
      copyFileSync(join(packageRoot(), "install", "logos", logo), join(folder, logo));
    }
  });
}

function userData(env: NodeJS.ProcessEnv): string {
  if (env.JUPYTER_DATA_DIR) {
    return env.JUPYTER_DATA_DIR;
  }
  const home = homedir();
  if (process.platform === "darwin") {
    return join(home, "Library", "Jupyter");
  }
  if (process.platform === "win32") {
    return join(env.APPDATA ?? dirname(home), "jupyter");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}
