// The browser that the browser tests drive: one that is installed, never one that is downloaded.
import path from "node:path";
import { which } from "../setup/run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/**
 * @param {NodeJS.ProcessEnv} [env] KARENINA_CHROMIUM names one that is not on the PATH
 * @returns {string | null} the path of its program
 */
export function findChromium(env = process.env) {
  if (env.KARENINA_CHROMIUM) {
    return which([path.resolve(env.KARENINA_CHROMIUM)], env);
  }
  const programs = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA];
  return which(
    [
      ...NAMES,
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      ...programs.flatMap((folder) =>
        folder ? [path.join(folder, "Google", "Chrome", "Application", "chrome.exe")] : [],
      ),
    ],
    env,
  );
}
