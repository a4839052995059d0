import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import type { FileEntry } from "./registry";

/** What is wrong with a content, as the rest of a sentence; undefined where nothing is. */
export function problemWith(
  content: Uint8Array,
  { bytes, sha256 }: Pick<FileEntry, "bytes" | "sha256">,
): string | undefined {
  if (content.length !== bytes) return `has ${content.length} bytes where ${bytes} are expected`;
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== sha256) return `has sha256 ${found} where ${sha256} is expected`;
  return undefined;
}

/** A file that was looked for: its verified content, or why there is none. */
export type Look =
  | { state: "found"; content: Buffer }
  | { state: "missing"; why: string }
  | { state: "damaged"; why: string };

/** Reads a file and verifies its length and hash. */
export async function readVerified(
  path: string,
  expected: Pick<FileEntry, "bytes" | "sha256">,
): Promise<Look> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { state: "missing", why: "not there" };
    return { state: "damaged", why: `cannot be read (${code ?? message})` };
  }
  const problem = problemWith(content, expected);
  return problem ? { state: "damaged", why: problem } : { state: "found", content };
}

/** Writes a file under a temporary name in the same folder and renames it when it is whole. */
export async function writeWhole(target: string, content: Uint8Array): Promise<void> {
  const temporary = `${target}.new`;
  try {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
