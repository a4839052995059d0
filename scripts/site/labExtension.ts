import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundlePageScript } from "./pageScript";

const PARTS = join(__dirname, "lab");

/**
 * Writes what the site adds to JupyterLite's menu, its toolbar and what it saves, as an extension.
 * @param folder is emptied first
 */
export async function writeLabExtension(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await bundlePageScript(join(PARTS, "remoteEntry.ts"), join(folder, "static", "remoteEntry.js"));
  cpSync(join(PARTS, "package.json"), join(folder, "package.json"));
}
