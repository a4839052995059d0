import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package, seen from its sources as from its built files. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "bin", "kernel.cjs"))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error(`${__dirname} is not part of the package karenina-kernel.`);
    }
    folder = parent;
  }
  return folder;
}
