import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { bundleExtension } from "../../kernel/lite/make/bundle";
import { findNotebooks } from "../../runner/findNotebooks";
import { notebookText, readNotebook } from "../../runner/notebookFile";
import { translatedLesson } from "../docs/translatedNotebook";
import { findFiles } from "../setup/findFiles.mjs";
import { writeContents, writePlotly } from "./contents";
import { writeHome } from "./home";
import { isolate } from "./isolation";
import { makeJupyterLite } from "./jupyterlite";
import { writeKernelFiles } from "./kernelFiles";
import { writeLabExtension } from "./labExtension";
import { writeOffline } from "./offline";
import { writeOpenPage } from "./openPage";
import type { PackageRequest } from "./sitePackages";

const ROOT = resolve(__dirname, "../..");

export interface LiveSiteOptions {
  /** The site's folder, which is emptied first. */
  folder: string;
  /** A folder for what is installed and made on the way, which may stay for the next time. */
  work: string;
  /** How much lessons compute: "fast", "browser", "lesson" or "full". */
  mode: string;
  /** What cells can import besides the library. */
  packages?: PackageRequest;
}

/**
 * Makes the site on which the lessons run in the page: one folder for any host of static files.
 *
 * @returns what is not as it should be, a line each
 * @throws Error saying what could not be made
 */
export async function makeLiveSite({
  folder,
  work,
  mode,
  packages,
}: LiveSiteOptions): Promise<string[]> {
  const extension = join(work, "extension");
  rmSync(extension, { recursive: true, force: true });
  const files = join(extension, "static");
  const found = await writeKernelFiles(join(files, "kernel"), { mode, packages });
  cpSync(
    join(ROOT, "kernel", "lite", "extension", "package.json"),
    join(extension, "package.json"),
  );
  await bundleExtension(files);
  const sharing = join(work, "sharing");
  await writeLabExtension(sharing);
  await makeJupyterLite(folder, { extensions: [extension, sharing], work });
  const notebooks = findNotebooks(["notebooks"], [ROOT]).filter(
    (file) => !/[\\/]ru[\\/]/.test(file),
  );
  const russian = writeRussian(join(work, "ru"), notebooks);
  writeContents(folder, notebooks, { folders: ["ru"] });
  writeContents(folder, russian.files, { folder: "ru" });
  await writePlotly(folder, join(ROOT, "node_modules"));
  isolate(folder);
  await writeHome(folder, notebooks);
  await writeOpenPage(folder);
  writeOffline(folder);
  return [
    ...found.packages,
    ...found.missingData.map((line) => `This data set is not on the site. ${line}`),
    ...russian.missing.map((line) => `This lesson is not on the site in Russian. ${line}`),
  ];
}

/** Writes the lessons in Russian, those that are translated as they are now. */
function writeRussian(
  folder: string,
  notebooks: readonly string[],
): { files: string[]; missing: string[] } {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [files, missing]: [string[], string[]] = [[], []];
  for (const path of notebooks) {
    const translated = translatedLesson(readNotebook(path), path, { root: ROOT });
    if (translated && "notebook" in translated) {
      const file = join(folder, basename(path));
      writeFileSync(file, notebookText(translated.notebook));
      files.push(file);
    } else {
      missing.push(`${basename(path)}: ${translated?.reason ?? "nobody has translated it"}`);
    }
  }
  return { files, missing };
}

/** The bytes of all files in a folder, and how many there are. */
export function weigh(folder: string): { bytes: number; files: number } {
  const sizes = findFiles(folder, () => true).map((file) => statSync(join(folder, file)).size);
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}
