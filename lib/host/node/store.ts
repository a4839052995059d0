import fs from "node:fs";
import path from "node:path";
import type { Store, StoredFile } from "../host";
import { exclusively } from "./lock";
import { userFile } from "./userFolder";
import { makeFolder, streamAtomically, writeAtomically } from "./writeAtomically";

/** The files of this machine. */
export const nodeStore: Store = {
  resolve: (...parts) => path.resolve(...parts),
  ownFile: (file) => path.resolve(__dirname, "..", "..", file),

  look(at) {
    let status: fs.Stats | undefined;
    try {
      status = fs.statSync(at, { throwIfNoEntry: false });
    } catch (error) {
      // A part of the path is a file.
      if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") {
        throw error;
      }
    }
    if (!status) {
      return undefined;
    }
    const kind = status.isFile() ? "file" : status.isDirectory() ? "folder" : "other";
    return { kind, bytes: status.size };
  },

  read: (file) => fs.readFileSync(file),
  open: (file) => new OpenFile(fs.openSync(file, "r")),
  write: writeAtomically,

  writeInParts: (file, fill) =>
    streamAtomically(file, (descriptor) =>
      fill({ write: (bytes, offset) => writeAll(descriptor, bytes, offset) }),
    ),

  makeFolder: (folder) => makeFolder(path.resolve(folder)),

  list(folder) {
    try {
      return fs.readdirSync(folder).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        return [];
      }
      throw error;
    }
  },

  remove: (file) => fs.rmSync(file, { force: true }),
  exclusively,
  userFile: (name) => userFile(name),
};

class OpenFile implements StoredFile {
  constructor(private readonly descriptor: number) {}

  get bytes(): number {
    return fs.fstatSync(this.descriptor).size;
  }

  read(into: Uint8Array, offset: number): number {
    return fs.readSync(this.descriptor, into, 0, into.length, offset);
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, offset: number): number {
  for (let done = 0; done < bytes.length; ) {
    done += fs.writeSync(descriptor, bytes, done, bytes.length - done, offset + done);
  }
  return offset + bytes.length;
}
