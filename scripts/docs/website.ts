import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { makeApi } from "./api";
import { brokenLinks } from "./brokenLinks";
import { convertNotebooks } from "./nbconvert";
import { ASSETS, pagesOf } from "./pages";
import { type PageText, searchDocuments } from "./searchDocuments";
import type { Edition } from "./site";

const ROOT = resolve(__dirname, "../..");

export interface WebsiteOptions {
  /** The lessons as their readers get them, in each language. */
  editions: readonly Edition[];
  /** The site's folder: that of the English edition, which those of the others lie in. */
  folder: string;
}

/**
 * Makes the site around the lessons: pages to read, guides, API reference, search. Its links are
 * relative, so it works from the disk and below any address.
 *
 * @returns the files made
 * @throws Error where a link leads nowhere, naming page and link; or what nbconvert and typedoc say
 */
export async function makeWebsite({ editions, folder }: WebsiteOptions): Promise<string[]> {
  mkdirSync(join(folder, "assets"), { recursive: true });
  for (const [name, source] of Object.entries(ASSETS)) {
    cpSync(join(ROOT, source), join(folder, "assets", name));
  }
  // Conversions are processes of their own: they keep the other cores busy meanwhile.
  const [api, ...pages] = await Promise.all([
    makeApi(join(folder, "api")),
    ...editions.map((edition) => writePages(edition, editions)),
  ]);
  const made = pages.flat();
  const documents = searchDocuments(
    made.flatMap(({ name, file, language }): PageText[] => {
      if (name === "search") {
        return [];
      }
      const url = relative(folder, file).split(sep).map(encodeURIComponent).join("/");
      return [{ url, html: readFileSync(file, "utf8"), language }];
    }),
    api,
  );
  // A script and no JSON: pages on the disk may not read other files.
  writeFileSync(
    join(folder, "assets", "search-documents.js"),
    `window.siteDocuments = ${JSON.stringify(documents).replace(/</g, "\\u003c")};\n`,
  );
  const broken = brokenLinks(folder);
  if (broken.length > 0) {
    throw new Error(`These links of the site lead nowhere:\n${broken.join("\n")}`);
  }
  return made.map(({ file }) => file);
}

/** Writes an edition's pages. */
async function writePages(edition: Edition, editions: readonly Edition[]) {
  const others = editions.filter((other) => other !== edition);
  const { folder, language } = edition;
  const notebooks = pagesOf(edition, others);
  await convertNotebooks({ notebooks, folder, to: "html", template: "page" });
  return [...notebooks.keys()].map((name) => ({
    name,
    language,
    file: join(folder, `${name}.html`),
  }));
}
