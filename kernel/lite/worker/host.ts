import type { SessionHost, StartedCommand, TypeScript } from "../../session/host";
import { startLine } from "../web/commands";
import path from "../web/path";
import webProcess from "../web/process";
import { fileURLToPath, pathToFileURL } from "../web/url";
import { webEngine } from "./engine";
import { filesOver, type Texts } from "./files";
import { webModules } from "./modules";

/** Where cells are. */
export const FOLDER = "/home/notebooks";
/** The compiler, as it sees itself; the declarations of the language lie beside it. */
export const COMPILER = "/home/node_modules/typescript/lib/typescript.js";
/** The declarations of what the kernel itself gives to cells. */
export const GLOBALS = "/kernel/types/globals.d.ts";
export const TSLAB = "/kernel/types/tslab.d.ts";

/** A page in a browser as the host of a session. */
export function webHost(typescript: TypeScript, texts: Texts, machinery: string): SessionHost {
  const files = filesOver(texts);
  const kept = new Map<string, string>();
  const keyOf = (key: readonly string[]) => JSON.stringify(key);
  return {
    folder: FOLDER,
    typesFolder: FOLDER,
    files,
    paths: {
      join: path.join,
      dirname: path.dirname,
      basename: path.basename,
      relative: path.relative,
      isAbsolute: path.isAbsolute,
      toUrl: (file) => pathToFileURL(file).href,
      fromUrl: fileURLToPath,
    },
    modules: webModules,
    engine: webEngine,
    kept: {
      get: (key) => kept.get(keyOf(key)),
      put: (key, text) => void kept.set(keyOf(key), text),
      prune() {},
    },
    startCommand,
    isMachinery: (file) => file.startsWith(machinery),
    loadTypeScript: () => typescript,
    packageAdvice: () =>
      "This notebook runs in a browser, where a cell can import what the site has bundled, and nothing else.",
  };
}

/** Its output is the cell's, as that of a shell's command is. */
function startCommand(line: string): StartedCommand {
  const { ended, stop } = startLine(line, {
    out: (text) => void webProcess.stdout.write(text),
    err: (text) => void webProcess.stderr.write(text),
  });
  return { ended: ended.then((code) => ({ code, signal: undefined })), stop };
}
