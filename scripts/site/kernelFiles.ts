import { mkdirSync } from "node:fs";
import { bundleWorker } from "../../kernel/lite/make/bundle";
import { writeCourse } from "./course";
import { writeData } from "./data";
import type { PackageRequest } from "./sitePackages";

/**
 * Writes what a kernel in a page needs: its worker, the library and the data.
 *
 * @param folder which is made where it is not there
 * @param options `mode`: how much lessons compute, unless their KARENINA_MODE says so; `packages`: what cells
 *   can import besides the library
 * @returns lines for people: on each data set that could not be had, and on packages
 */
export async function writeKernelFiles(
  folder: string,
  { mode, packages }: { mode: string; packages?: PackageRequest },
): Promise<{ missingData: string[]; packages: string[] }> {
  mkdirSync(folder, { recursive: true });
  await bundleWorker(folder, { minify: true });
  const lines = await writeCourse(folder, { mode, minify: true, packages });
  return { missingData: await writeData(folder), packages: lines };
}
