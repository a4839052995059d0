import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadFile } from "../../lib/datasets/dataSets";
import { shippedRegistry } from "../../lib/datasets/registry";

/** In the place of the site's own address, which nobody knows yet. */
const SITE = "https://site.invalid/";

/** The data sets that the lessons use and that are small enough to lie on a site. */
const PACKED = [
  "anna-karenina-ru",
  "auto-mpg",
  "cars-vega",
  "mnist-10k",
  "moby-dick",
  "penguins",
  "penguins-vega",
  "sotu",
  "winequality-red",
];

/**
 * Writes the data sets that are packed, and a registry that names no address but the site's.
 *
 * @returns those that could not be had, with the reason: their cells say so, as without a network
 */
export async function writeData(folder: string): Promise<string[]> {
  const missing: string[] = [];
  const registry = structuredClone(shippedRegistry());
  for (const [name, entry] of Object.entries(registry.dataSets)) {
    for (const file of entry.files) {
      file.mirrors = [`${SITE}${name}/${file.name}`];
      file.raw = undefined;
      if (PACKED.includes(name)) {
        try {
          const content = await loadFile(name, file.name);
          const path = join(folder, "data", name, file.name);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, content);
        } catch (error) {
          missing.push(`${name}: ${(error as Error).message}`);
        }
      }
    }
  }
  writeFileSync(join(folder, "registry.json"), JSON.stringify(registry));
  return missing;
}
