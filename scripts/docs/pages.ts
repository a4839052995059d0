import { existsSync, readFileSync } from "node:fs";
import { basename, join, posix, resolve } from "node:path";
import { type Notebook, sourceOf, titleOf } from "../../runner/notebookFile";
import { glossaryFile, glossaryText } from "./glossary";
import { relink, relinkHeadings, relinkNotebook } from "./markdownLinks";
import type { Edition } from "./site";
import { type Language, WORDS, type Words } from "./words";

const ROOT = resolve(__dirname, "../..");

/** Pages made of Markdown files, by their names on the site. They are there in English only. */
export const GUIDES: Record<string, { file: string; title: string }> = {
  teaching: { file: "docs/teaching/README.md", title: "For teachers" },
  sessions: { file: "docs/teaching/sessions.md", title: "Ninety minutes" },
  kernel: { file: "kernel/README.md", title: "The kernel" },
  library: { file: "lib/README.md", title: "The library" },
  "data-sets": { file: "datasets/README.md", title: "Data sets" },
  browser: { file: "docs/browser.md", title: "The course in a browser" },
  classroom: { file: "docs/classroom.md", title: "A class on one machine" },
  debugging: { file: "docs/debugging.md", title: "Step through a cell" },
  marks: { file: "docs/teaching.md", title: "Marks" },
  architecture: { file: "docs/architecture.md", title: "Architecture" },
  dependencies: { file: "docs/dependencies.md", title: "Dependencies" },
  contributing: { file: "CONTRIBUTING.md", title: "Contributing" },
  changelog: { file: "CHANGELOG.md", title: "Changes" },
};

/** Beside the pages, so that they open from the disk without a network. */
export const ASSETS: Record<string, string> = {
  "style.css": "scripts/docs/assets/style.css",
  "page.js": "scripts/docs/assets/page.js",
  "search.js": "scripts/docs/assets/search.js",
  "minisearch.js": "node_modules/minisearch/dist/umd/index.js",
  "tex-svg-full.js": "node_modules/mathjax/es5/tex-svg-full.js",
  "plotly.js": "node_modules/plotly.js-dist/plotly.js",
  "architecture.svg": "docs/architecture.svg",
  "debugging.png": "docs/debugging.png",
  "course-map.svg": "docs/teaching/map.svg",
};

interface Link {
  title: string;
  url: string;
}

/** What the template reads of a page's metadata. Addresses are relative to the page. */
interface PageData {
  title: string;
  kind: "home" | "lesson" | "glossary" | "guide" | "search";
  language: Language;
  words: Words;
  /** The way to the site's first folder: "" or "../". */
  root: string;
  /** The same page in other languages. */
  translations: { language: Language; name: string; url: string }[];
  previous?: Link | undefined;
  next?: Link | undefined;
  /** The lesson's slides and notebooks. */
  files?: Link[];
}

/** From an edition's pages to the site's first folder, where the English one lies. */
const rootFrom = (language: Language) => (language === "en" ? "" : "../");

/** The address of an edition's page from those of another. */
function addressOf(name: string, from: Language, to: Language): string {
  if (from === to) {
    return pageAddress(name);
  }
  return `${rootFrom(from)}${to === "en" ? "" : `${to}/`}${pageAddress(name)}`;
}

/** A name of a file may hold anything; within Markdown, brackets would end the link. */
const inAddress = (name: string) =>
  encodeURIComponent(name).replace(/[()]/g, (bracket) => (bracket === "(" ? "%28" : "%29"));
const pageAddress = (name: string) => `${inAddress(name)}.html`;

/**
 * The pages of an edition, by name: home, lessons, glossary, search, and in English the guides.
 *
 * @param others the other editions, to which their pages lead
 */
export function pagesOf(edition: Edition, others: readonly Edition[]): Map<string, Notebook> {
  return new Map([
    ["index", homePage(edition, others)],
    ...lessonPages(edition, others),
    ["glossary", glossaryPage(edition, others)],
    ...(edition.language === "en" ? Object.entries(GUIDES) : []).map(
      ([name, guide]) => [name, guidePage(guide)] as const,
    ),
    ["search", searchPage(edition, others)],
  ]);
}

/** What all pages say of themselves. */
function pageData(
  edition: Pick<Edition, "language">,
  { name, title, kind }: { name: string; title: string; kind: PageData["kind"] },
  others: readonly Edition[],
): PageData {
  const { language } = edition;
  const translations = others
    .filter(({ lessons }) => kind !== "lesson" || lessons.has(name))
    .map((other) => ({
      language: other.language,
      name: WORDS[other.language].language,
      url: addressOf(name, language, other.language),
    }));
  const root = rootFrom(language);
  return { title, kind, language, words: WORDS[language], root, translations };
}

/** A page of one Markdown text. */
function markdownPage(source: string, data: PageData): Notebook {
  return {
    cells: [{ cell_type: "markdown", id: "page", metadata: {}, source }],
    metadata: { title: data.kind === "home" ? data.title : `${data.title} · Karenina`, page: data },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** The first paragraph below the title. */
const introductionOf = (lesson: Notebook): string =>
  sourceOf(lesson.cells[0])
    .split(/\n\s*\n/)[1]
    ?.replaceAll("\n", " ")
    .trim() ?? "";

/** As many sentences as are needed for a number of characters. */
function firstSentences(text: string, least: number): string {
  const sentences = text.split(/(?<=[.!?]) /);
  const enough = sentences.findIndex((_, n) => sentences.slice(0, n + 1).join(" ").length >= least);
  return sentences.slice(0, enough + 1 || undefined).join(" ");
}

/** What lies beside a lesson's page. */
function filesOf(name: string, { language, folder }: Edition): Link[] {
  const { slides, notebook, solutions } = WORDS[language];
  const files = [
    { title: slides, folder: "slides", file: `${name}.html` },
    { title: notebook, folder: "student", file: `${name}.ipynb` },
    { title: solutions, folder: "solution", file: `${name}.ipynb` },
  ];
  return files
    .filter((each) => existsSync(join(folder, each.folder, each.file)))
    .map((each) => ({ title: each.title, url: `${each.folder}/${inAddress(each.file)}` }));
}

function lessonPages(edition: Edition, others: readonly Edition[]): [string, Notebook][] {
  const { lessons } = edition;
  const names = [...lessons.keys()];
  const linkTo = (name: string | undefined) =>
    name === undefined ? undefined : { title: titleOf(lessons.get(name)!), url: pageAddress(name) };
  return [...lessons].map(([name, lesson], index) => {
    const data: PageData = {
      ...pageData(edition, { name, title: titleOf(lesson), kind: "lesson" }, others),
      previous: linkTo(names[index - 1]),
      next: linkTo(names[index + 1]),
      files: filesOf(name, edition),
    };
    const metadata = { ...lesson.metadata, title: `${data.title} · Karenina`, page: data };
    const linked = relinkNotebook(lesson, (target) =>
      siteLink(target, "notebooks", [edition, ...others]),
    );
    return [name, { ...linked, metadata }];
  });
}

function homePage(edition: Edition, others: readonly Edition[]): Notebook {
  const { language, lessons } = edition;
  const words = WORDS[language];
  const link = ({ title, url }: Link) => `[${title}](${url})`;
  const inLanguage = (other: Language, text: string) =>
    other === language ? text : `<span lang="${other}">${text}</span>`;
  const rows = [...lessons].map(([name, lesson]) => {
    const about = firstSentences(introductionOf(lesson), 60).replaceAll("|", "\\|");
    const translations = others
      .filter((other) => other.lessons.has(name))
      .map((other) => {
        const url = addressOf(name, language, other.language);
        return inLanguage(other.language, link({ title: WORDS[other.language].language, url }));
      });
    const files = [...filesOf(name, edition).map(link), ...translations];
    const title = link({ title: titleOf(lesson), url: pageAddress(name) });
    return `| ${title} | ${relink(about, () => undefined)} | ${files.join(" · ")} |`;
  });
  const root = rootFrom(language);
  const source = [
    "# Karenina",
    words.about,
    `## ${words.lessons}`,
    [`| ${words.heads.join(" | ")} |`, "| --- | --- | --- |", ...rows].join("\n"),
    `${link({ title: words.glossary, url: "glossary.html" })}: ${words.glossaryAbout}`,
    words.run,
    `## ${words.reference}`,
    [
      `- [${words.api}](${root}api/index.html)`,
      ...Object.entries(GUIDES).map(
        ([name, { title }]) => `- ${inLanguage("en", link({ title, url: `${root}${name}.html` }))}`,
      ),
    ].join("\n"),
  ].join("\n\n");
  const data = pageData(edition, { name: "index", title: "Karenina", kind: "home" }, others);
  return markdownPage(source, data);
}

function guidePage({ file, title }: { file: string; title: string }): Notebook {
  // A comment that begins a line is for who edits the file; one within a line is shown as code.
  const text = readFileSync(join(ROOT, file), "utf8").replace(/^<!--[\s\S]*?-->\n?/gm, "");
  const source = relink(text, (target) => siteLink(target, posix.dirname(file), []));
  return markdownPage(
    relinkHeadings(source),
    pageData({ language: "en" }, { name: title, title, kind: "guide" }, []),
  );
}

function glossaryPage(edition: Edition, others: readonly Edition[]): Notebook {
  const editions = [edition, ...others];
  const { language } = edition;
  const lessonIn = (all: readonly Edition[]) => (name: string) =>
    all.find(({ lessons }) => lessons.has(name))?.lessons.get(name);
  const english = lessonIn(editions.filter((each) => each.language === "en"));
  const text = glossaryText({ language, english, shown: lessonIn(editions) });
  const { glossary: title } = WORDS[language];
  return markdownPage(
    relink(text, (target) => siteLink(target, "docs", editions)),
    pageData(edition, { name: "glossary", title, kind: "glossary" }, others),
  );
}

function searchPage(edition: Edition, others: readonly Edition[]): Notebook {
  const { search, needsScript } = WORDS[edition.language];
  const results = '<div id="search-results" role="status" aria-live="polite">';
  return markdownPage(
    `# ${search}\n\n${results}<p>${needsScript}</p></div>`,
    pageData(edition, { name: "search", title: search, kind: "search" }, others),
  );
}

/**
 * Where a link from a file of the project leads on the site; undefined where there is no such page.
 *
 * @param editions that of the page that has the link, and the others, in which the lesson is looked for
 *   in turn; none for a guide, which is English, as all lessons are
 */
function siteLink(target: string, from: string, editions: readonly Edition[]): string | undefined {
  const path = posix.normalize(posix.join(from, target));
  const language = editions[0]?.language ?? "en";
  const root = rootFrom(language);
  const guide = Object.entries(GUIDES).find(([, { file }]) => file === path);
  if (guide) {
    return `${root}${guide[0]}.html`;
  }
  if (path === glossaryFile("en") || path === glossaryFile(language)) {
    return "glossary.html";
  }
  const asset = Object.entries(ASSETS).find(([, source]) => source === path);
  if (asset) {
    return `${root}assets/${asset[0]}`;
  }
  const lesson = basename(path, ".ipynb");
  if (!path.endsWith(".ipynb")) {
    return undefined;
  }
  if (editions.length === 0) {
    return pageAddress(lesson);
  }
  const edition = editions.find(({ lessons }) => lessons.has(lesson));
  return edition && addressOf(lesson, language, edition.language);
}
