import childProcess, { type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forwardTo } from "./streams";

type Options = { stdio?: unknown } | undefined;

/**
 * Has child processes that inherit our standard output and error write to the notebook: what they
 * would inherit is the terminal of the Jupyter server, where nobody looks.
 */
export function installChildren(): void {
  const { spawn, spawnSync, execSync, execFileSync } = childProcess;

  function redirected(options: Options): { options: Options; names: ("stdout" | "stderr")[] } {
    const given = options?.stdio;
    const list = typeof given === "string" ? [given, given, given] : given;
    if (!Array.isArray(list)) {
      return { options, names: [] };
    }
    const names: ("stdout" | "stderr")[] = [];
    const stdio = list.map((entry, index) => {
      const name = index === 1 ? "stdout" : "stderr";
      const own = entry === "inherit" || entry === index || entry === process[name];
      if (index === 0 && own) {
        return "ignore";
      }
      if ((index === 1 || index === 2) && own) {
        names.push(name);
        return "pipe";
      }
      return entry;
    });
    return { options: { ...options, stdio }, names };
  }

  /** The options are the last argument that is an object and no array. */
  function rewrite(parameters: unknown[]) {
    const index = parameters.findLastIndex(isOptions);
    const { options, names } = redirected(index < 0 ? undefined : (parameters[index] as Options));
    const rewritten = [...parameters];
    if (index >= 0) {
      rewritten[index] = options;
    }
    return { rewritten, names };
  }

  const call = <T>(method: unknown, parameters: unknown[]) =>
    (method as (...parameters: unknown[]) => T)(...parameters);

  const replacements = {
    spawn(...parameters: unknown[]) {
      const { rewritten, names } = rewrite(parameters);
      const child = call<ChildProcess>(spawn, rewritten);
      for (const name of names) {
        child[name]?.pipe(forwardTo(name));
        // Who inherits has no stream to read.
        child[name] = null;
      }
      return child;
    },
    spawnSync(...parameters: unknown[]) {
      const { rewritten, names } = rewrite(parameters);
      const result = call<ReturnType<typeof spawnSync>>(spawnSync, rewritten);
      for (const name of names) {
        if (result[name]?.length) {
          process[name].write(result[name]);
        }
      }
      return result;
    },
  };
  // These tell nobody what a child wrote that did well, unless it goes to a file.
  const synchronous =
    (method: typeof execSync | typeof execFileSync) =>
    (...parameters: unknown[]) => {
      const { rewritten, names } = rewrite(parameters);
      if (names.length === 0) {
        return call(method, rewritten);
      }
      const options = rewritten.find(isOptions) as { stdio: unknown[] };
      const folder = mkdtempSync(join(tmpdir(), "output-"));
      const files = names.map((name) => ({ name, path: join(folder, name) }));
      try {
        for (const { name, path } of files) {
          options.stdio[name === "stdout" ? 1 : 2] = openSync(path, "w");
        }
        return call(method, rewritten);
      } finally {
        for (const { name, path } of files) {
          closeSync(options.stdio[name === "stdout" ? 1 : 2] as number);
          process[name].write(readFileSync(path));
        }
        rmSync(folder, { recursive: true });
      }
    };
  Object.assign(childProcess, replacements, {
    execSync: synchronous(execSync),
    execFileSync: synchronous(execFileSync),
  });
  syncBuiltinESMExports();
}

function isOptions(parameter: unknown): boolean {
  return typeof parameter === "object" && parameter !== null && !Array.isArray(parameter);
}
