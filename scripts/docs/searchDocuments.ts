import { JSDOM } from "jsdom";
import type { ApiEntry } from "./api";
import type { Language } from "./words";

/** What the search finds: a section of a page, or something exported. */
export interface SearchDocument {
  id: number;
  title: string;
  /** The page that a section is of; the kind of something exported. */
  place: string;
  url: string;
  text: string;
  /** Of a page; what is exported is told of in English, and found from all languages. */
  language?: Language;
}

/** A page of the site. */
export interface PageText {
  /** From the site's first folder. */
  url: string;
  html: string;
  language: Language;
}

/**
 * The documents of the search, from pages and API entries. A page is cut at its headings of the first
 * and second level, which have ids; outputs of cells are left out.
 */
export function searchDocuments(
  pages: readonly PageText[],
  api: readonly ApiEntry[],
): SearchDocument[] {
  const found = [
    ...pages.flatMap(sectionsOf),
    ...api.map(({ name, kind, summary, url }) => ({
      title: name,
      place: `API: ${kind}`,
      url: `api/${url}`,
      text: summary,
    })),
  ];
  return found.map((document, id) => ({ id, ...document }));
}

function sectionsOf({ url, html, language }: PageText): Omit<SearchDocument, "id">[] {
  const main = JSDOM.fragment(html).querySelector("main");
  if (!main) return [];
  for (const left of main.querySelectorAll(
    ".output_wrapper, script, style, nav, .files, .anchor-link",
  )) {
    left.remove();
  }
  const page = main.querySelector("h1")?.textContent?.trim() ?? url;
  const sections = [{ title: page, place: "", url, text: "" }];
  const walk = (node: Node): void => {
    const element = node.nodeType === 1 ? (node as Element) : undefined;
    if (element && /^H[12]$/.test(element.tagName)) {
      const title = element.textContent?.trim() ?? "";
      if (element.tagName === "H2") {
        sections.push({ title, place: page, url: `${url}#${element.id}`, text: "" });
      }
      return;
    }
    if (node.nodeType === 3 || element?.tagName === "PRE") {
      sections.at(-1)!.text += ` ${node.textContent}`;
      return;
    }
    for (const child of node.childNodes) walk(child);
  };
  walk(main);
  return sections.map((section) => ({
    ...section,
    language,
    text: section.text.replace(/\s+/g, " ").trim(),
  }));
}
