import { join, sep } from "node:path";
import type { SessionHost } from "../session/host";
import { Session, type SessionSettings } from "../session/session";
import { startCommand } from "./commands";
import { nodeEngine } from "./engine";
import { nodeFiles, nodePaths } from "./files";
import { FolderOfTexts } from "./keptTexts";
import { packageRoot } from "./packageRoot";
import { Packages } from "./packages";
import { findTypeScript, loadTypeScript } from "./typescript";

/** The folders of this package from which code runs when cells do. */
const MACHINERY = ["session", "node", "process", "debugger", "display", "dist", "bin"];

/**
 * Node.js as the host of a session: its files, its modules, its engine.
 *
 * @param adapters by specifier: what code gets in the place of some modules of Node's or of packages
 */
export function nodeHost(adapters?: Map<string, (module: unknown) => unknown>): SessionHost {
  const root = packageRoot();
  const machinery = MACHINERY.map((folder) => join(root, folder, sep));
  return {
    folder: process.cwd(),
    typesFolder: root,
    files: nodeFiles,
    paths: nodePaths,
    modules: new Packages(adapters),
    engine: nodeEngine,
    kept: new FolderOfTexts(join(root, "dist", "cache", "modules")),
    startCommand,
    isMachinery: (file) => machinery.some((folder) => file.startsWith(folder)),
    loadTypeScript: (folder) => loadTypeScript(findTypeScript(folder)).ts,
  };
}

/** A {@link Session} in Node.js. */
export class NodeSession extends Session {
  /** @param settings as of any session; `host` defaults to {@link nodeHost} */
  constructor(settings: Partial<SessionSettings> = {}) {
    super({ host: nodeHost(), ...settings });
  }
}
