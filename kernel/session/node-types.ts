import { createRequire } from "node:module";
import { join } from "node:path";
import type { SessionOptions } from "./options";
import type { TypeScript } from "./typescript";

/** Node's own types where the project does not bring them and does not say which types it wants. */
export function nodeTypes(ts: TypeScript, { check }: SessionOptions, folder: string): string[] {
  const host = { ...ts.sys, getCurrentDirectory: () => folder };
  const found = ts.resolveTypeReferenceDirective(
    "node",
    join(folder, "noop.ts"),
    check,
    host,
  ).resolvedTypeReferenceDirective;
  if (found || check.types) {
    return [];
  }
  try {
    return [createRequire(__filename).resolve("@types/node/index.d.ts")];
  } catch {
    return [];
  }
}
