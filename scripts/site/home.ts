// The site's first page: networks at work, the lessons, and how far the reader has come. JupyterLite's pages
// read settings out of it.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { escape as escapeHtml } from "html-escaper";
import { check } from "../../lessons/exercises";
import { course } from "../../lessons/exercises/course";
import { PRETRAINED } from "../../lib/models/pretrained";
import { readNotebook, sourceOf, titleOf } from "../../runner/notebookFile";
import { lessonTime } from "../docs/lessonTime";
import { rounded } from "../docs/teaching";
import type { ListedLesson } from "./home/progressTable";
import { KERNEL_FOLDER } from "./kernelFolder";
import { bundlePageScript } from "./pageScript";

const PARTS = join(__dirname, "home");

/** Where the networks lie that write, seen from the page: the kernel reads the same files. */
const NETWORKS = `${KERNEL_FOLDER}own/models/pretrained/`;

/** What the page's script knows of the course. */
function listedLessons(): ListedLesson[] {
  const titles = check as unknown as Record<string, { exercise: { title: string } }>;
  return course.map(({ lesson, title, exercises }) => ({
    lesson,
    title,
    exercises: exercises.map((name) => ({ name, title: titles[name].exercise.title })),
  }));
}

/** Writes the page with its script and its style into the site's folder. */
export async function writeHome(folder: string, notebooks: readonly string[]): Promise<void> {
  await bundlePageScript(join(PARTS, "start.ts"), join(folder, "home.js"));
  copyFileSync(join(PARTS, "style.css"), join(folder, "home.css"));
  writeFileSync(join(folder, "index.html"), homePage(notebooks));
}

/** @param notebooks their files, in the order in which they are listed */
export function homePage(notebooks: readonly string[]): string {
  const data = JSON.stringify({ lessons: listedLessons(), networks: NETWORKS });
  return readFileSync(join(PARTS, "page.html"), "utf8")
    .replace("<!-- cards -->", () => notebooks.map(card).join("\n"))
    .replace("<!-- networks -->", () => networkOptions())
    .replace(">null</script>", () => `>${data.replaceAll("<", "\\u003c")}</script>`);
}

/** A lesson: what it is about, how long it takes, and the way into it. */
function card(file: string): string {
  const notebook = readNotebook(file);
  const name = basename(file, ".ipynb");
  const title = titleOf(notebook);
  const exercises = course.find(({ lesson }) => lesson === name)?.exercises.length ?? 0;
  const time = lessonTime(notebook);
  const parts = [time.readingMinutes, time.runningMinutes, time.exerciseMinutes].map(rounded);
  const minutes = parts.reduce((sum, part) => sum + part, 0);
  const facts = exercises > 0 ? [`${minutes} minutes`, `${exercises} exercises`] : [];
  const path = encodeURIComponent(basename(file));
  return `        <li class="card">
          <h3 id="card-${name}">${escapeHtml(title)}</h3>
          <p>${escapeHtml(aboutOf(sourceOf(notebook.cells[0])))}</p>
          <p class="facts">${facts.join(" · ")}</p>
          <p><a class="open" href="lab/index.html?path=${path}" aria-describedby="card-${name}">Open live</a></p>
        </li>`;
}

/** What a lesson begins with, without marks: whole sentences, until they say something. */
function aboutOf(markdown: string): string {
  const paragraph = markdown.split(/\n\s*\n/)[1] ?? "";
  const plain = paragraph.replace(/[*_`]/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return /^[\s\S]{60,}?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain;
}

const AUTHORS: Record<string, { words: string; language: string }> = {
  "anna-karenina": { words: "Tolstoy, in Russian", language: "ru" },
  presidents: { words: "American presidents, in English", language: "en" },
};

function networkOptions(): string {
  return PRETRAINED.map((name) => {
    const { words, language } = AUTHORS[name];
    return `<option value="${name}" data-lang="${language}">${words}</option>`;
  }).join("");
}
