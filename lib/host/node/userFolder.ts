import os from "node:os";
import path from "node:path";

/** What the folder depends on. Default: this process. */
export interface UserFolderOptions {
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  home?: string;
}

/**
 * A file in the folder `karenina` among those in which this user's programs keep their data: below
 * XDG_DATA_HOME or `~/.local/share` (the XDG base directory specification), on macOS
 * `~/Library/Application Support`, on Windows LOCALAPPDATA.
 *
 * @returns undefined where the user has no home
 */
export function userFile(name: string, options: UserFolderOptions = {}): string | undefined {
  const { platform = process.platform } = options;
  const at = platform === "win32" ? path.win32 : path.posix;
  const folder = dataFolder({ env: process.env, platform, home: homeFolder(), ...options });
  return folder === undefined ? undefined : at.join(folder, "karenina", name);
}

function dataFolder({ env, platform, home }: Required<UserFolderOptions>): string | undefined {
  if (platform === "win32") {
    return env.LOCALAPPDATA || (home ? path.win32.join(home, "AppData", "Local") : undefined);
  }
  if (platform === "darwin") {
    return home ? path.posix.join(home, "Library", "Application Support") : undefined;
  }
  if (env.XDG_DATA_HOME && path.posix.isAbsolute(env.XDG_DATA_HOME)) {
    return env.XDG_DATA_HOME;
  }
  return home ? path.posix.join(home, ".local", "share") : undefined;
}

/** os.homedir() throws for a user without an entry in the password file and without HOME. */
function homeFolder(): string {
  try {
    return os.homedir();
  } catch {
    return "";
  }
}
