import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../node/packageRoot";
import { replaceFolder } from "./replaceFolder";

/**
 * Puts the kernel's extension where JupyterLab and Notebook 7 find it, in place of an older one. They
 * need no restart of the server, only their page to be reloaded.
 *
 * @param kernels the folder of the kernelspecs, which has its neighbour
 * @returns the extension's folder
 */
export function installLabExtension(kernels: string): string {
  return replaceFolder(join(dirname(kernels), "labextensions"), "karenina-kernel", (folder) => {
    const root = packageRoot();
    mkdirSync(join(folder, "static"));
    copyFileSync(join(root, "labextension", "package.json"), join(folder, "package.json"));
    copyFileSync(join(root, "dist", "remoteEntry.js"), join(folder, "static", "remoteEntry.js"));
  });
}
