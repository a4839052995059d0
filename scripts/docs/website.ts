import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, posix, resolve } from "node:path";
import { type Notebook, sourceOf } from "../../kernel/runner/notebook-file";
import { type ApiEntry, makeApi } from "./api";
import { brokenLinks } from "./brokenLinks";
import { relink, relinkNotebook } from "./markdownLinks";
import { convertNotebooks } from "./nbconvert";
import { searchDocuments } from "./searchDocuments";

const ROOT = resolve(__dirname, "../..");

/** Pages made of Markdown files, by their names on the site. */
const GUIDES: Record<string, { file: string; title: string }> = {
  kernel: { file: "kernel/README.md", title: "The kernel" },
  library: { file: "lib/README.md", title: "The library" },
  "data-sets": { file: "datasets/README.md", title: "Data sets" },
  classroom: { file: "docs/classroom.md", title: "A class on one machine" },
  architecture: { file: "docs/architecture.md", title: "Architecture" },
  dependencies: { file: "docs/dependencies.md", title: "Dependencies" },
  contributing: { file: "CONTRIBUTING.md", title: "Contributing" },
  changelog: { file: "CHANGELOG.md", title: "Changes" },
};

/** Beside the pages, so that they open from the disk without a network. */
const ASSETS: Record<string, string> = {
  "style.css": "scripts/docs/assets/style.css",
  "page.js": "scripts/docs/assets/page.js",
  "search.js": "scripts/docs/assets/search.js",
  "minisearch.js": "node_modules/minisearch/dist/umd/index.js",
  "tex-svg-full.js": "node_modules/mathjax/es5/tex-svg-full.js",
  "plotly.js": "node_modules/plotly.js-dist/plotly.js",
  "architecture.svg": "docs/architecture.svg",
};

/** What the template reads of a page's metadata. */
interface PageData {
  title: string;
  kind: "home" | "lesson" | "guide" | "search";
  previous?: { title: string; url: string } | undefined;
  next?: { title: string; url: string } | undefined;
  /** The lesson's slides and notebooks. */
  files?: Record<string, string>;
}

export interface WebsiteOptions {
  /** The lessons as their readers get them, by name, in reading order. */
  lessons: ReadonlyMap<string, Notebook>;
  /** The site's folder, in which student/, solution/ and slides/ lie already. */
  folder: string;
}

/**
 * Makes the site around the lessons: pages to read, guides, API reference, search. Its links are
 * relative, so it works from the disk and below any address.
 *
 * @returns the files made
 * @throws Error where a link leads nowhere, naming page and link; or what nbconvert and typedoc say
 */
export async function makeWebsite({ lessons, folder }: WebsiteOptions): Promise<string[]> {
  const pages = new Map([
    ["index", homePage(lessons, folder)],
    ...lessonPages(lessons, folder),
    ...Object.entries(GUIDES).map(([name, guide]) => [name, guidePage(guide)] as const),
    ["search", searchPage()],
  ]);
  mkdirSync(join(folder, "assets"), { recursive: true });
  for (const [name, source] of Object.entries(ASSETS)) {
    cpSync(join(ROOT, source), join(folder, "assets", name));
  }
  await convertNotebooks({ notebooks: pages, folder, to: "html", template: "page" });
  const api = await makeApi(join(folder, "api"));
  writeSearch(folder, [...pages.keys()], api);
  const broken = brokenLinks(folder);
  if (broken.length > 0) {
    throw new Error(`These links of the site lead nowhere:\n${broken.join("\n")}`);
  }
  return [...pages.keys()].map((name) => join(folder, `${name}.html`));
}

function writeSearch(folder: string, pages: string[], api: ApiEntry[]): void {
  const texts = pages
    .filter((name) => name !== "search")
    .map((name) => ({
      url: `${name}.html`,
      html: readFileSync(join(folder, `${name}.html`), "utf8"),
    }));
  const documents = searchDocuments(texts, api);
  // A script and no JSON: pages on the disk may not read other files.
  writeFileSync(
    join(folder, "assets", "search-documents.js"),
    `window.siteDocuments = ${JSON.stringify(documents).replace(/</g, "\\u003c")};\n`,
  );
}

/** A page of one Markdown text. */
function markdownPage(source: string, data: PageData): Notebook {
  return {
    cells: [{ cell_type: "markdown", id: "page", metadata: {}, source }],
    metadata: { title: `${data.title} · Karenina`, page: data },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const titleOf = (lesson: Notebook): string =>
  /^# (.+)$/m.exec(sourceOf(lesson.cells[0]!))?.[1] ?? "Untitled";

/** The first paragraph below the title. */
const introductionOf = (lesson: Notebook): string =>
  sourceOf(lesson.cells[0]!)
    .split(/\n\s*\n/)[1]
    ?.replaceAll("\n", " ")
    .trim() ?? "";

/** As many sentences as are needed for a number of characters. */
function firstSentences(text: string, least: number): string {
  const sentences = text.split(/(?<=[.!?]) /);
  const enough = sentences.findIndex((_, n) => sentences.slice(0, n + 1).join(" ").length >= least);
  return sentences.slice(0, enough + 1 || undefined).join(" ");
}

/** What lies beside a lesson's page, by what links are called; translations only where there are any. */
function filesOf(name: string, folder: string): Record<string, string> {
  const files = {
    Slides: `slides/${name}.html`,
    Notebook: `student/${name}.ipynb`,
    "With solutions": `solution/${name}.ipynb`,
    "Slides in Russian": `ru/slides/${name}.html`,
    "Notebook in Russian": `ru/student/${name}.ipynb`,
  };
  return Object.fromEntries(
    Object.entries(files).filter(([, file]) => existsSync(join(folder, file))),
  );
}

function lessonPages(lessons: ReadonlyMap<string, Notebook>, folder: string): [string, Notebook][] {
  const names = [...lessons.keys()];
  const linkTo = (name: string | undefined) =>
    name === undefined ? undefined : { title: titleOf(lessons.get(name)!), url: `${name}.html` };
  return [...lessons].map(([name, lesson], index) => {
    const data: PageData = {
      title: titleOf(lesson),
      kind: "lesson",
      previous: linkTo(names[index - 1]),
      next: linkTo(names[index + 1]),
      files: filesOf(name, folder),
    };
    const metadata = { ...lesson.metadata, title: `${data.title} · Karenina`, page: data };
    const linked = relinkNotebook(lesson, (target) => siteLink(target, "notebooks", lessons));
    return [name, { ...linked, metadata }];
  });
}

function homePage(lessons: ReadonlyMap<string, Notebook>, folder: string): Notebook {
  const rows = [...lessons].map(([name, lesson]) => {
    const about = firstSentences(introductionOf(lesson), 60).replaceAll("|", "\\|");
    const files = Object.entries(filesOf(name, folder)).map(([label, url]) => `[${label}](${url})`);
    return `| [${titleOf(lesson)}](${name}.html) | ${relink(about, () => undefined)} | ${files.join(" · ")} |`;
  });
  const source = [
    "# Karenina",
    "A course on training neural networks in TypeScript, in Jupyter notebooks that you run, break and " +
      "mend: from the first batch of characters to a recurrent network that writes like Tolstoy.",
    "## Lessons",
    ["| lesson | what happens | files |", "| --- | --- | --- |", ...rows].join("\n"),
    "The pages show each lesson with the outputs of a run in class. To run it yourself, take the project " +
      "and type `npm start`.",
    "## Reference",
    [
      "- [API of the library and the kernel](api/index.html)",
      ...Object.entries(GUIDES).map(([name, { title }]) => `- [${title}](${name}.html)`),
    ].join("\n"),
  ].join("\n\n");
  return markdownPage(source, { title: "Karenina", kind: "home" });
}

function guidePage({ file, title }: { file: string; title: string }): Notebook {
  const text = readFileSync(join(ROOT, file), "utf8").replace(/<!--[\s\S]*?-->\n?/g, "");
  const source = relink(text, (target) => siteLink(target, posix.dirname(file), undefined));
  return markdownPage(source, { title, kind: "guide" });
}

function searchPage(): Notebook {
  const source =
    '# Search\n\n<div id="search-results" role="status" aria-live="polite"><p>Search needs JavaScript.</p></div>';
  return markdownPage(source, { title: "Search", kind: "search" });
}

/** Where a link from a file of the project leads on the site; undefined where there is no such page. */
function siteLink(
  target: string,
  from: string,
  lessons: ReadonlyMap<string, Notebook> | undefined,
): string | undefined {
  const path = posix.normalize(posix.join(from, target));
  const guide = Object.entries(GUIDES).find(([, { file }]) => file === path);
  if (guide) return `${guide[0]}.html`;
  const asset = Object.entries(ASSETS).find(([, source]) => source === path);
  if (asset) return `assets/${asset[0]}`;
  const lesson = basename(path, ".ipynb");
  if (path.endsWith(".ipynb") && (lessons === undefined || lessons.has(lesson))) {
    return `${lesson}.html`;
  }
  return undefined;
}
