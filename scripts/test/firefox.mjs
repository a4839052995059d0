// The Firefox that tests drive where there is one: one that is installed, never one that is downloaded.
import path from "node:path";
import { which } from "../setup/run.mjs";

/**
 * @param {NodeJS.ProcessEnv} [env] KARENINA_FIREFOX names one that is not on the PATH
 * @returns {string | null} the path of its program
 */
export function findFirefox(env = process.env) {
  if (env.KARENINA_FIREFOX) {
    return which([path.resolve(env.KARENINA_FIREFOX)], env);
  }
  const programs = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"]];
  return which(
    [
      "firefox",
      "firefox-esr",
      "/Applications/Firefox.app/Contents/MacOS/firefox",
      ...programs.flatMap((folder) =>
        folder ? [path.join(folder, "Mozilla Firefox", "firefox.exe")] : [],
      ),
    ],
    env,
  );
}
