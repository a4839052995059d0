import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** A kernel specification: what kernel.json says, and where it lies. */
export interface KernelSpec {
  /** The folder's name, which is how the kernel is asked for. */
  name: string;
  /** The folder that holds kernel.json; argv may name it as `{resource_dir}`. */
  resourceDir: string;
  argv: string[];
  displayName: string;
  language: string;
  interruptMode: "signal" | "message";
  env: Record<string, string>;
}

export interface SpecLookup {
  /** The project whose own kernels are looked at first. Default: the working directory. */
  root?: string;
  /** The environment that JUPYTER_PATH and its kin are read from. Default: process.env. */
  env?: NodeJS.ProcessEnv;
}

/**
 * The folders that may hold kernels, first match wins: those that set-up wrote into the project,
 * the project's virtual environment, JUPYTER_PATH, an activated environment, the user's Jupyter
 * data, the machine's. https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 */
export function kernelFolders({ root = process.cwd(), env = process.env }: SpecLookup = {}) {
  const data = [
    ...(env.JUPYTER_PATH ?? "").split(delimiter),
    ...[env.VIRTUAL_ENV, env.CONDA_PREFIX].map((prefix) => prefix && join(prefix, "share/jupyter")),
    userDataFolder(env),
    ...(process.platform === "win32"
      ? [env.PROGRAMDATA && join(env.PROGRAMDATA, "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"]),
  ];
  return [
    join(root, "build/kernels"),
    join(root, ".venv/share/jupyter/kernels"),
    ...data.flatMap((folder) => (folder ? [join(folder, "kernels")] : [])),
  ];
}

function userDataFolder(env: NodeJS.ProcessEnv): string {
  if (env.JUPYTER_DATA_DIR) {
    return env.JUPYTER_DATA_DIR;
  }
  const home = env.HOME ?? homedir();
  if (process.platform === "darwin") {
    return join(home, "Library/Jupyter");
  }
  if (process.platform === "win32") {
    return join(env.APPDATA ?? home, "jupyter");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local/share"), "jupyter");
}

/**
 * The kernel of a given name.
 * @throws Error that lists the kernels there are, where there is none of that name or where its
 *   kernel.json cannot be used.
 */
export function findKernelSpec(name: string, lookup: SpecLookup = {}): KernelSpec {
  const folders = kernelFolders(lookup);
  for (const folder of folders) {
    if (/^[\w.-]+$/.test(name) && existsSync(join(folder, name, "kernel.json"))) {
      return readSpec(name, join(folder, name));
    }
  }
  const known = listKernelNames(lookup);
  throw new Error(
    `There is no kernel "${name}". ` +
      (known.length > 0 ? `Kernels found: ${known.join(", ")}. ` : "No kernel at all was found. ") +
      `Looked in ${folders.join(", ")}. Set-up (npm run setup) writes the project's own kernels.`,
  );
}

/** The names of all kernels that {@link findKernelSpec} would find, sorted. */
export function listKernelNames(lookup: SpecLookup = {}): string[] {
  const names = kernelFolders(lookup).flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder).filter(
          (name) => !name.startsWith(".") && existsSync(join(folder, name, "kernel.json")),
        )
      : [],
  );
  return [...new Set(names)].sort();
}

function readSpec(name: string, resourceDir: string): KernelSpec {
  const file = join(resourceDir, "kernel.json");
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`The kernel specification ${file} cannot be read: ${(error as Error).message}`);
  }
  const argv = raw?.argv;
  if (!Array.isArray(argv) || argv.length === 0 || argv.some((arg) => typeof arg !== "string")) {
    throw new Error(
      `The kernel specification ${file} needs "argv", a list of strings with at least a program. ` +
        "Write it again with npm run setup, or reinstall that kernel.",
    );
  }
  return {
    name,
    resourceDir,
    argv,
    displayName: String(raw.display_name ?? name),
    language: String(raw.language ?? ""),
    interruptMode: raw.interrupt_mode === "message" ? "message" : "signal",
    env: (raw.env ?? {}) as Record<string, string>,
  };
}
