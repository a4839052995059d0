import { mkdirSync } from "node:fs";
import { bundleWorker } from "../../kernel/lite/make/bundle";
import { writeCourse } from "./course";
import { writeData } from "./data";

/**
 * Writes what a kernel in a page needs: its worker, the library and the data.
 *
 * @param folder which is made where it is not there
 * @param options.mode how much lessons compute, unless their KARENINA_MODE says so
 * @returns the data sets that could not be had, a line each
 */
export async function writeKernelFiles(
  folder: string,
  { mode }: { mode: string },
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  await bundleWorker(folder, { minify: true });
  await writeCourse(folder, { mode, minify: true });
  return await writeData(folder);
}
