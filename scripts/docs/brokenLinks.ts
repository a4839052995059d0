import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/**
 * Links, pictures, scripts and style sheets of the HTML files below a folder that lead nowhere: to a
 * file or an id that is not there, or out of the folder. Other sites are not asked, but what a page
 * loads from them counts as broken, since it would need a network.
 *
 * @returns a line for each: page and link
 */
export function brokenLinks(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .map((file) => join(folder, file));
  const known = new Map<string, Page>();
  const pageAt = (file: string) => {
    const page = known.get(file) ?? readPage(file);
    known.set(file, page);
    return page;
  };
  const isBroken = (page: string, { target, loaded }: Link): boolean => {
    if (/^(data|blob|javascript|mailto):/i.test(target)) {
      return false;
    }
    if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(target)) {
      return loaded;
    }
    const [path = "", fragment = ""] = target.split("#");
    const file = path === "" ? page : resolve(dirname(page), decodeURI(path.split("?")[0]));
    if (relative(folder, file).startsWith("..") || !existsSync(file)) {
      return true;
    }
    if (statSync(file).isDirectory()) {
      return true;
    }
    // Fragments of slide shows are reveal.js's own.
    if (fragment === "" || !file.endsWith(".html") || fragment.startsWith("/")) {
      return false;
    }
    // As browsers do: first as it is written, then decoded.
    const { ids } = pageAt(file);
    return !ids.has(fragment) && !ids.has(decodeURIComponent(fragment));
  };
  return pages.flatMap((page) => {
    const wrong = pageAt(page).links.filter((link) => isBroken(page, link));
    return wrong.map(({ target }) => `${relative(folder, page)}: ${target}`);
  });
}

interface Link {
  target: string;
  /** Whether the page itself loads it. */
  loaded: boolean;
}

interface Page {
  links: Link[];
  ids: Set<string>;
}

/** Attributes that lead somewhere, by element. */
const LEADING: Record<string, string> = {
  a: "href",
  link: "href",
  script: "src",
  img: "src",
  iframe: "src",
};

/**
 * Reads start tags only, which is enough for HTML made by programs, and a hundred times faster than a
 * document: some pages hold megabytes of pictures.
 */
function readPage(file: string): Page {
  const page: Page = { links: [], ids: new Set() };
  // What stands in comments and scripts is no tag.
  const text = readFileSync(file, "utf8")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/(<script\b[^>]*>)[\s\S]*?<\/script>/gi, "$1");
  for (const [, name = "", attributes = ""] of text.matchAll(TAG)) {
    const element = name.toLowerCase();
    for (const [, attribute = "", double, single] of attributes.matchAll(ATTRIBUTE)) {
      const value = decodeEntities(double ?? single ?? "");
      if (attribute === LEADING[element]) {
        page.links.push({ target: value, loaded: element !== "a" });
      }
      if (attribute === "id" || (element === "a" && attribute === "name")) {
        page.ids.add(value);
      }
    }
  }
  return page;
}

const TAG =
  /<([a-z][\w-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?|\s*\/)*)\s*>/gi;
const ATTRIBUTE = /([^\s=>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function decodeEntities(text: string): string {
  return text
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => NAMED[name])
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([\da-f]+);/gi, (_, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    );
}
