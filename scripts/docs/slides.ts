import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Notebook } from "../../runner/notebookFile";
import { relinkNotebook } from "./markdownLinks";
import { convertNotebooks } from "./nbconvert";
import { withSpeakerNotes } from "./speakerNotes";
import type { Language } from "./words";

const ROOT = resolve(__dirname, "../..");

/** What slides need beside them, so that they open from the disk without a network. */
const beside = {
  "reveal/dist": "reveal.js/dist",
  "reveal/plugin/notes": "reveal.js/plugin/notes",
  "tex-svg-full.js": "mathjax/es5/tex-svg-full.js",
  "plotly.js": "plotly.js-dist/plotly.js",
};

export interface SlidesOptions {
  /** Notebooks by the names of their slides, without an ending. */
  notebooks: ReadonlyMap<string, Notebook>;
  /** Where the slides go: NAME.html and what they need. */
  folder: string;
  /** That of the prose (default "en"), for the notes, screen readers and hyphenation. */
  language?: Language;
}

/**
 * Makes a slide show of each notebook by nbconvert's exporter, from the outputs that are stored in it,
 * with notes for its speaker: see {@link withSpeakerNotes}.
 *
 * @throws Error without Jupyter in .venv, or where nbconvert fails, with its words
 */
export async function makeSlides(options: SlidesOptions): Promise<void> {
  const { notebooks, folder, language = "en" } = options;
  // Slides of one lesson lead to those of another, where they are made together.
  const slidesOf = (target: string) => {
    const name = target.replace(/\.ipynb$/, "");
    return notebooks.has(name) ? `${name}.html` : undefined;
  };
  const linked = [...notebooks].map(
    ([name, notebook]) =>
      [name, relinkNotebook(withSpeakerNotes(notebook, language), slidesOf)] as const,
  );
  await convertNotebooks({
    notebooks: new Map(linked),
    folder,
    to: "slides",
    template: "lecture",
    settings: [
      "--SlidesExporter.file_extension=.html",
      `--SlidesExporter.language_code=${language}`,
      "--SlidesExporter.reveal_url_prefix=reveal",
      // Unlike others it has its font beside it.
      "--SlidesExporter.reveal_theme=white",
    ],
  });
  for (const [name, source] of Object.entries(beside)) {
    cpSync(join(ROOT, "node_modules", source), join(folder, name), { recursive: true });
  }
}
