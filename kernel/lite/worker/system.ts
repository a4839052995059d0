import type ts from "typescript";
import type { TypeScript } from "../../session/host";
import { filesOver, type Texts } from "./files";
import { COMPILER, FOLDER } from "./host";

/** The compiler's own way to files and folders, over a session's. */
export function systemOver(texts: Texts): ts.System {
  const files = filesOver(texts);
  return {
    args: [],
    newLine: "\n",
    useCaseSensitiveFileNames: true,
    write() {},
    readFile: (file) => (files.status(file) ? files.read(file) : undefined),
    writeFile() {},
    fileExists: (file) => files.status(file) !== undefined,
    directoryExists: (folder) => texts.hasFolder(folder),
    getDirectories: (folder) => texts.foldersIn(folder),
    readDirectory: () => [],
    getCurrentDirectory: () => FOLDER,
    getExecutingFilePath: () => COMPILER,
    resolvePath: (file) => file,
    realpath: (file) => file,
    createDirectory() {},
    exit() {},
  };
}

/**
 * Has the compiler read by a system of ours, in all that it does.
 * @returns the system that it had
 */
export function setSystem(typescript: TypeScript, system: ts.System): ts.System {
  const before = typescript.sys;
  // It is exported for programs like this one, and no part of the declared interface.
  (typescript as unknown as { setSys(system: ts.System): void }).setSys(system);
  return before;
}
