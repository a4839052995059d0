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
  /** With each formula in TeX between U+E000 and U+E001, so that the search page can set it. */
  text: string;
  /** The page's language; exports are described in English, and found from all languages. */
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

/** Elements that stand within a line of text: no blank parts them from it. */
const INLINE = /^(A|B|CODE|EM|I|SPAN|STRONG|SUB|SUP)$/;

/** Formulas as MathJax finds them in prose, where a dollar begins none when a blank follows. */
const FORMULA = /\$\$([\s\S]+?)\$\$|(?<!\\)\$(?!\s)([^$]+?)\$/g;

const marked = (prose: string) =>
  prose.replace(FORMULA, (_, display, inline) => `\u{E000}${(display ?? inline).trim()}\u{E001}`);

function sectionsOf({ url, html, language }: PageText): Omit<SearchDocument, "id">[] {
  const main = JSDOM.fragment(html).querySelector("main");
  if (!main) {
    return [];
  }
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
    // Within code a dollar is a dollar.
    const isCode = element !== undefined && /^(PRE|CODE)$/.test(element.tagName);
    const section = sections.at(-1)!;
    if (node.nodeType === 3) {
      section.text += marked(node.textContent ?? "");
    } else if (isCode) {
      section.text += node.textContent;
    } else {
      for (const child of node.childNodes) {
        walk(child);
      }
    }
    if (element && !INLINE.test(element.tagName)) {
      sections.at(-1)!.text += " ";
    }
  };
  walk(main);
  return sections.map((section) => ({
    ...section,
    language,
    text: section.text.replace(/\s+/g, " ").trim(),
  }));
}
