import { join } from "node:path";
import { packageRoot } from "../run/packageRoot";
import type { SessionOptions } from "./options";
import type { TypeScript } from "./typescript";

/**
 * The files that declare what Node has, which every cell runs on: the project's own, or else this
 * package's. None where the compiler takes the project's by itself; TypeScript 6 does so only where
 * `types` in tsconfig.json names them.
 */
export function nodeTypes(ts: TypeScript, { check }: SessionOptions, folder: string): string[] {
  const host = { ...ts.sys, getCurrentDirectory: () => folder };
  const find = (from: string, options: typeof check) =>
    ts.resolveTypeReferenceDirective("node", join(from, "noop.ts"), options, host)
      .resolvedTypeReferenceDirective?.resolvedFileName;
  const found = find(folder, check);
  if (found && ts.getAutomaticTypeDirectiveNames(check, host).includes("node")) {
    return [];
  }
  const file = found ?? find(packageRoot(), {});
  return file ? [file] : [];
}
