import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Where the cells of past sessions are kept, so that consoles find them: what KARENINA_HISTORY names,
 * or a folder among the user's own data.
 *
 * @returns undefined where none are to be kept: KARENINA_HISTORY is "off"
 * @throws Error where KARENINA_HISTORY is neither "off" nor a whole path
 */
export function historyFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const given = env.KARENINA_HISTORY;
  if (given === "off") {
    return undefined;
  }
  if (given) {
    if (!isAbsolute(given)) {
      throw new Error(
        `KARENINA_HISTORY is "${given}", but must be "off" or the whole path of a folder, such as ` +
          `${join(homedir(), "history")}.`,
      );
    }
    return given;
  }
  const home = homedir();
  if (process.platform === "darwin") {
    return join(home, "Library", "Application Support", "karenina", "history");
  }
  if (process.platform === "win32") {
    return join(env.LOCALAPPDATA ?? home, "karenina", "history");
  }
  return join(env.XDG_STATE_HOME || join(home, ".local", "state"), "karenina", "history");
}
