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
/** Made by the kernel when it starts; see declarationsOfOthers. */
export const OTHERS = "/kernel/types/others.d.ts";

/**
 * A page in a browser as the host of a session.
 *
 * @param machinery what the addresses of the kernel's scripts begin with
 * @param advice for people whose cell imports what is not there
 */
export function webHost(
  typescript: TypeScript,
  texts: Texts,
  machinery: string,
  advice: string,
): SessionHost {
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
    modules: webModules(advice),
    engine: webEngine,
    kept: {
      get: (key) => kept.get(keyOf(key)),
      put: (key, text) => void kept.set(keyOf(key), text),
      prune() {},
    },
    startCommand,
    isMachinery: (file) => file.startsWith(machinery),
    loadTypeScript: () => typescript,
    packageAdvice: () => advice,
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
