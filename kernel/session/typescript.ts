import { createRequire } from "node:module";
import { join } from "node:path";

/** The TypeScript compiler's public API. */
export type TypeScript = typeof import("typescript");

/** Where a TypeScript package lies, before it is loaded. */
export interface TypeScriptPackage {
  /** The module to require. */
  entry: string;
  version: string;
}

/**
 * Finds the TypeScript of the project that `folder` belongs to; failing that, the one this package
 * depends on. A project's TypeScript is taken from 5.0 on and below 7, which has no API to call.
 */
export function findTypeScript(folder: string): TypeScriptPackage {
  for (const from of [join(folder, "noop.js"), __filename]) {
    const require = createRequire(from);
    try {
      const { version } = require("typescript/package.json") as { version: string };
      const major = Number(version.split(".")[0]);
      if (major >= 5 && major < 7) {
        return { entry: require.resolve("typescript"), version };
      }
    } catch {
      // Not installed there: look further.
    }
  }
  throw new Error(
    "No TypeScript from 5.0 to 6.x was found, neither from the working directory nor beside the " +
      "kernel. Run `npm install` where the kernel is installed.",
  );
}

/** Loads a compiler found by {@link findTypeScript}. Takes some 0.2 s the first time. */
export function loadTypeScript({ entry }: TypeScriptPackage): TypeScript {
  return createRequire(__filename)(entry) as TypeScript;
}
