import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../node/packageRoot";

const NAME = "karenina-kernel";

/**
 * Puts the kernel's extension where JupyterLab and Notebook 7 find it, in place of an older one. They
 * need no restart of the server, only their page to be reloaded.
 *
 * @param kernels the folder of the kernelspecs, which has its neighbour
 * @returns the extension's folder
 */
export function installLabExtension(kernels: string): string {
  const extensions = join(dirname(kernels), "labextensions");
  const folder = join(extensions, NAME);
  const temporary = join(extensions, `.${NAME}-${process.pid}`);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(join(temporary, "static"), { recursive: true });
  try {
    const root = packageRoot();
    copyFileSync(join(root, "labextension", "package.json"), join(temporary, "package.json"));
    copyFileSync(join(root, "dist", "remoteEntry.js"), join(temporary, "static", "remoteEntry.js"));
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}
