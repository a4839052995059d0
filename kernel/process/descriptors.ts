import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { format } from "node:util";
import { nextTurn } from "./rawTimers";
import { type StandardName, standardStream } from "./streams";

/** Paths by which programs name the descriptors that they were started with. */
const PATHS = /^\/(?:dev\/std(?:(out)|(err))|(?:dev|proc\/self)\/fd\/(?:(1)|(2)))$/;

type Callback = (error: Error | null, ...results: unknown[]) => void;
type Method = (...parameters: never[]) => unknown;

/**
 * Has what is written to the descriptors 1 and 2 through node:fs appear where what is written to
 * process.stdout and process.stderr does, and in order with it. Nobody can close the two.
 */
export function installDescriptors(): void {
  function replace(name: string, make: (original: Method) => Method): void {
    const original = (fs as unknown as Record<string, Method>)[name];
    // The name and the properties by which node:util promisifies it stay.
    const replacement = Object.defineProperties(make(original), {
      ...Object.getOwnPropertyDescriptors(original),
    });
    (fs as unknown as Record<string, Method>)[name] = replacement;
  }

  const written = (name: StandardName, bytes: Uint8Array): number => {
    process[name].write(bytes);
    return bytes.byteLength;
  };

  replace("writeSync", (original: Method) => (fd: unknown, ...rest: unknown[]) => {
    const name = standardStream(fd);
    const bytes = name && bytesOf(rest);
    return bytes ? written(name, bytes) : Reflect.apply(original, fs, [fd, ...rest]);
  });
  replace("write", (original: Method) => (fd: unknown, ...rest: unknown[]) => {
    const name = standardStream(fd);
    const done = rest.findLast((one) => typeof one === "function") as Callback | undefined;
    const bytes = name && done && bytesOf(rest.filter((one) => one !== done));
    if (!bytes) {
      return Reflect.apply(original, fs, [fd, ...rest]);
    }
    const count = written(name, bytes);
    nextTurn(() => done(null, count, rest[0]));
  });
  replace("writevSync", (original: Method) => (fd: unknown, ...rest: unknown[]) => {
    const name = standardStream(fd);
    const bytes = name && joined(rest[0]);
    return bytes ? written(name, bytes) : Reflect.apply(original, fs, [fd, ...rest]);
  });
  replace("writev", (original: Method) => (fd: unknown, ...rest: unknown[]) => {
    const name = standardStream(fd);
    const bytes = name && joined(rest[0]);
    const done = rest.at(-1);
    if (!bytes || typeof done !== "function") {
      return Reflect.apply(original, fs, [fd, ...rest]);
    }
    const count = written(name, bytes);
    nextTurn(() => done(null, count, rest[0]));
  });
  for (const method of ["writeFile", "appendFile"]) {
    replace(`${method}Sync`, (original: Method) => (file: unknown, ...rest: unknown[]) => {
      const name = namedBy(file);
      const bytes = name && wholeOf(rest);
      return bytes ? void written(name, bytes) : Reflect.apply(original, fs, [file, ...rest]);
    });
    replace(method, (original: Method) => (file: unknown, ...rest: unknown[]) => {
      const name = namedBy(file);
      const bytes = name && wholeOf(rest);
      const done = rest.at(-1);
      if (!bytes || typeof done !== "function") {
        return Reflect.apply(original, fs, [file, ...rest]);
      }
      written(name, bytes);
      nextTurn(() => done(null));
    });
  }
  replace("openSync", (original: Method) => (path: unknown, ...rest: unknown[]) => {
    const name = typeof path === "string" ? namedBy(path) : undefined;
    return name ? descriptorOf(name) : Reflect.apply(original, fs, [path, ...rest]);
  });
  replace("open", (original: Method) => (path: unknown, ...rest: unknown[]) => {
    const name = typeof path === "string" ? namedBy(path) : undefined;
    const done = rest.at(-1);
    if (!name || typeof done !== "function") {
      return Reflect.apply(original, fs, [path, ...rest]);
    }
    nextTurn(() => done(null, descriptorOf(name)));
  });
  replace(
    "closeSync",
    (original: Method) => (fd: unknown) =>
      standardStream(fd) ? undefined : Reflect.apply(original, fs, [fd]),
  );
  replace("close", (original: Method) => (fd: unknown, done?: Callback) => {
    if (!standardStream(fd)) {
      return Reflect.apply(original, fs, done === undefined ? [fd] : [fd, done]);
    }
    nextTurn(() => done?.(null));
  });
  const promises = fs.promises as unknown as Record<string, Method>;
  for (const method of ["writeFile", "appendFile"]) {
    const original = promises[method];
    promises[method] = async (file: unknown, ...rest: unknown[]) => {
      const name = typeof file === "string" ? namedBy(file) : undefined;
      const bytes = name && wholeOf(rest);
      return bytes ? void written(name, bytes) : Reflect.apply(original, promises, [file, ...rest]);
    };
  }
  (process as { _rawDebug?: unknown })._rawDebug = (...parameters: unknown[]) => {
    process.stderr.write(`${format(...parameters)}\n`);
  };
  syncBuiltinESMExports();
}

function descriptorOf(name: StandardName): number {
  return name === "stdout" ? 1 : 2;
}

function namedBy(file: unknown): StandardName | undefined {
  if (typeof file !== "string") {
    return typeof file === "number" ? standardStream(file) : undefined;
  }
  const [match, out, , one] = PATHS.exec(file) ?? [];
  return match === undefined ? undefined : out || one ? "stdout" : "stderr";
}

/** What `write(fd, ...)` writes, or nothing where Node is to say what is wrong. */
function bytesOf([data, second, third]: unknown[]): Uint8Array | undefined {
  if (typeof data === "string") {
    // (string, position, encoding)
    const encoding = third ?? "utf8";
    return Buffer.isEncoding(encoding as string)
      ? Buffer.from(data, encoding as BufferEncoding)
      : undefined;
  }
  if (!ArrayBuffer.isView(data)) {
    return undefined;
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const range =
    typeof second === "object" && second !== null
      ? (second as { offset?: unknown; length?: unknown })
      : { offset: second, length: third };
  const offset = range.offset ?? 0;
  const length = range.length ?? bytes.length - Number(offset);
  const fits =
    Number.isInteger(offset) &&
    Number.isInteger(length) &&
    Number(offset) >= 0 &&
    Number(length) >= 0 &&
    Number(offset) + Number(length) <= bytes.length;
  return fits ? bytes.subarray(Number(offset), Number(offset) + Number(length)) : undefined;
}

/** What `writeFile(file, ...)` writes, where it is text or bytes. */
function wholeOf([data, options]: unknown[]): Uint8Array | undefined {
  const encoding =
    typeof options === "string"
      ? options
      : ((options as { encoding?: string } | null | undefined)?.encoding ?? "utf8");
  return bytesOf(typeof data === "string" ? [data, null, encoding] : [data]);
}

function joined(buffers: unknown): Uint8Array | undefined {
  const views = Array.isArray(buffers) ? buffers : [];
  return views.length > 0 && views.every((view) => ArrayBuffer.isView(view))
    ? Buffer.concat(
        views.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
      )
    : undefined;
}
