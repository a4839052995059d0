import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";
import type { TypeScript } from "../session/host";
import { collectableText } from "./compilerText";
import { packageRoot } from "./packageRoot";

/** Where a TypeScript package lies, before it is loaded. */
export interface TypeScriptPackage {
  /** The module to require. */
  entry: string;
  version: string;
  /** The version of the project's own, where that is another which a kernel cannot use. */
  passedOver?: string;
}

/**
 * Finds the TypeScript of the project that `folder` belongs to; failing that, the one this package
 * depends on. A project's TypeScript is taken from 5.0 on and below 7, which has no API to call.
 */
export function findTypeScript(folder: string): TypeScriptPackage {
  let passedOver: string | undefined;
  for (const from of [join(folder, "noop.js"), __filename]) {
    const require = createRequire(from);
    try {
      const { version } = require("typescript/package.json") as { version: string };
      const major = Number(version.split(".")[0]);
      if (major >= 5 && major < 7) {
        return { entry: require.resolve("typescript"), version, passedOver };
      }
      passedOver ??= version;
    } catch {
      // Not installed there: look further.
    }
  }
  throw new Error(
    "No TypeScript from 5.0 to 6.x was found, neither from the working directory nor beside the " +
      "kernel. Run `npm install` where the kernel is installed.",
  );
}

/** Says in a line which compiler checks a project's cells, where that is not the project's own. */
export function compilerNote({ version, passedOver }: TypeScriptPackage): string | undefined {
  return passedOver === undefined
    ? undefined
    : `TypeScript ${version} checks the cells, with the settings of tsconfig.json: the project's own, ` +
        `${passedOver}, has no interface that a kernel can use.`;
}

/** A loaded compiler. */
export interface LoadedTypeScript {
  ts: TypeScript;
  /**
   * Keeps the code that V8 has compiled by now for the next process that loads this compiler, where
   * that is not done already. Half of the loading time goes into it.
   */
  keepCode(): void;
}

/** Loads a compiler found by {@link findTypeScript}. */
export function loadTypeScript({ entry, version }: TypeScriptPackage): LoadedTypeScript {
  const { mtimeMs } = statSync(entry);
  const text = collectableText(readFileSync(entry, "utf8"));
  const key = [version, text.length, Math.round(mtimeMs), process.version, process.arch].join("-");
  const file = join(packageRoot(), "dist", "cache", `typescript-${key}.bin`);
  const cachedData = readIfThere(file);
  const script = new vm.Script(Module.wrap(text), {
    filename: entry,
    cachedData,
  });
  const module = { exports: {} as TypeScript };
  const load = script.runInThisContext() as (...parameters: unknown[]) => void;
  load.call(module.exports, module.exports, createRequire(entry), module, entry, dirname(entry));
  return {
    ts: module.exports,
    keepCode() {
      if (!cachedData || script.cachedDataRejected) {
        keep(file, script.createCachedData());
      }
    },
  };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Where the package lies in a folder that may not be written, all goes on without. */
function keep(file: string, data: Buffer): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, data);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Not kept.
  }
}
