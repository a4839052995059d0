// The part of node:fs that cells use, over files that live in memory as long as the worker does.

import { Buffer } from "./buffer";
import { ageOf, bytes, folders } from "./bytes";
import path from "./path";

type Content = string | Uint8Array;
type Encoding = string | { encoding?: string | null; flag?: string } | null | undefined;

const MESSAGES = {
  ENOENT: "no such file or directory",
  EEXIST: "file already exists",
  EISDIR: "illegal operation on a directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
};

function failure(code: keyof typeof MESSAGES, syscall: string, file: string): Error {
  const error = new Error(`${code}: ${MESSAGES[code]}, ${syscall} '${file}'`);
  return Object.assign(error, { code, syscall, path: file });
}

function whole(file: unknown): string {
  if (file instanceof URL) {
    return decodeURIComponent(file.pathname);
  }
  if (typeof file !== "string") {
    throw new TypeError(`A path is a string or a file URL, not ${typeof file}.`);
  }
  return path.resolve("/home/notebooks", file);
}

function isFolder(at: string): boolean {
  const inside = at === "/" ? "/" : `${at}/`;
  return folders.has(at) || [...bytes.keys()].some((name) => name.startsWith(inside));
}

const encodingOf = (options: Encoding) =>
  (typeof options === "string" ? options : options?.encoding) as BufferEncoding | null | undefined;

export function existsSync(file: unknown): boolean {
  try {
    const at = whole(file);
    return bytes.has(at) || isFolder(at);
  } catch {
    return false;
  }
}

export function readFileSync(file: unknown, options?: Encoding): unknown {
  const at = whole(file);
  const content = bytes.get(at);
  if (!content) {
    throw isFolder(at) ? failure("EISDIR", "read", at) : failure("ENOENT", "open", at);
  }
  const encoding = encodingOf(options);
  const copy = Buffer.from(content);
  return encoding ? copy.toString(encoding) : copy;
}

export function writeFileSync(file: unknown, content: Content, options?: Encoding): void {
  const at = whole(file);
  const flag = typeof options === "object" ? options?.flag : undefined;
  if (flag?.startsWith("a")) {
    appendFileSync(at, content);
    return;
  }
  if (isFolder(at)) {
    throw failure("EISDIR", "open", at);
  }
  if (!isFolder(path.dirname(at))) {
    throw failure("ENOENT", "open", at);
  }
  if (flag?.includes("x") && bytes.has(at)) {
    throw failure("EEXIST", "open", at);
  }
  bytes.set(at, asBytes(content, encodingOf(options)));
}

export function appendFileSync(file: unknown, content: Content): void {
  const at = whole(file);
  writeFileSync(at, Buffer.concat([bytes.get(at) ?? new Uint8Array(), asBytes(content)]));
}

function asBytes(content: Content, encoding?: BufferEncoding | null): Uint8Array {
  return typeof content === "string"
    ? Buffer.from(content, encoding ?? "utf8")
    : new Uint8Array(content);
}

export function mkdirSync(folder: unknown, options?: { recursive?: boolean }): string | undefined {
  const at = whole(folder);
  if (existsSync(at)) {
    if (options?.recursive && !bytes.has(at)) {
      return undefined;
    }
    throw failure("EEXIST", "mkdir", at);
  }
  const above = path.dirname(at);
  const first = options?.recursive && !isFolder(above) ? mkdirSync(above, options) : undefined;
  if (!isFolder(above)) {
    throw failure("ENOENT", "mkdir", at);
  }
  folders.add(at);
  return first ?? (options?.recursive ? at : undefined);
}

export function mkdtempSync(prefix: string): string {
  for (;;) {
    const at = prefix + Math.random().toString(36).slice(2, 8).padEnd(6, "0");
    if (!existsSync(at)) {
      mkdirSync(at);
      return at;
    }
  }
}

export function readdirSync(folder: unknown, options?: { withFileTypes?: boolean }): unknown[] {
  const at = whole(folder);
  if (!isFolder(at)) {
    throw failure(bytes.has(at) ? "ENOTDIR" : "ENOENT", "scandir", at);
  }
  const inside = at === "/" ? "/" : `${at}/`;
  const names = [...bytes.keys(), ...folders]
    .filter((name) => name.startsWith(inside) && name.length > inside.length)
    .map((name) => name.slice(inside.length).split("/")[0] as string);
  const sorted = [...new Set(names)].sort();
  return options?.withFileTypes
    ? sorted.map((name) => ({ name, parentPath: at, ...kindOf(inside + name) }))
    : sorted;
}

function kindOf(at: string) {
  const file = bytes.has(at);
  return { isFile: () => file, isDirectory: () => !file, isSymbolicLink: () => false };
}

export function statSync(file: unknown, options?: { throwIfNoEntry?: boolean }): unknown {
  const at = whole(file);
  const content = bytes.get(at);
  if (!content && !isFolder(at)) {
    if (options?.throwIfNoEntry === false) {
      return undefined;
    }
    throw failure("ENOENT", "stat", at);
  }
  const mtimeMs = content ? ageOf(content) : 0;
  return { ...kindOf(at), size: content?.length ?? 0, mtimeMs, mtime: new Date(mtimeMs) };
}

export function rmSync(file: unknown, options?: { recursive?: boolean; force?: boolean }): void {
  const at = whole(file);
  if (bytes.delete(at)) {
    return;
  }
  if (!isFolder(at)) {
    if (options?.force) {
      return;
    }
    throw failure("ENOENT", "rm", at);
  }
  if (!options?.recursive) {
    throw failure("EISDIR", "rm", at);
  }
  for (const names of [bytes, folders]) {
    for (const name of [...names.keys()]) {
      if (name === at || name.startsWith(`${at}/`)) {
        names.delete(name);
      }
    }
  }
}

export function unlinkSync(file: unknown): void {
  const at = whole(file);
  if (!bytes.delete(at)) {
    throw failure(isFolder(at) ? "EISDIR" : "ENOENT", "unlink", at);
  }
}

export function rmdirSync(folder: unknown): void {
  const at = whole(folder);
  if (readdirSync(at).length > 0) {
    throw failure("ENOTEMPTY", "rmdir", at);
  }
  folders.delete(at);
}

export function copyFileSync(from: unknown, to: unknown): void {
  writeFileSync(to, readFileSync(from) as Uint8Array);
}

export function renameSync(from: unknown, to: unknown): void {
  bytes.together(() => {
    copyFileSync(from, to);
    unlinkSync(from);
  });
}

export function accessSync(file: unknown): void {
  if (!existsSync(file)) {
    throw failure("ENOENT", "access", whole(file));
  }
}

export const realpathSync = (file: unknown) => {
  accessSync(file);
  return whole(file);
};
export const lstatSync = statSync;

const later =
  <Parameters extends unknown[], Result>(work: (...parameters: Parameters) => Result) =>
  async (...parameters: Parameters) =>
    work(...parameters);

export const promises = {
  access: later(accessSync),
  appendFile: later(appendFileSync),
  copyFile: later(copyFileSync),
  lstat: later(lstatSync),
  mkdir: later(mkdirSync),
  mkdtemp: later(mkdtempSync),
  readdir: later(readdirSync),
  readFile: later(readFileSync),
  realpath: later(realpathSync),
  rename: later(renameSync),
  rm: later(rmSync),
  rmdir: later(rmdirSync),
  stat: later(statSync),
  unlink: later(unlinkSync),
  writeFile: later(writeFileSync),
};

export default {
  accessSync,
  appendFileSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  promises,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
};
