import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Notebook, notebookText, writeAtomically } from "../../kernel/runner/notebook-file";

const ROOT = resolve(__dirname, "../..");
const PYTHON = join(
  ROOT,
  ".venv",
  process.platform === "win32" ? "Scripts/python.exe" : "bin/python",
);

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
}

/**
 * Makes a slide show of each notebook by nbconvert's exporter, from the outputs that are stored in it.
 *
 * @throws Error without Jupyter in .venv, or where nbconvert fails, with its words
 */
export async function makeSlides({ notebooks, folder }: SlidesOptions): Promise<void> {
  if (!existsSync(PYTHON)) {
    throw new Error(
      "The slides need nbconvert, which is not installed in .venv. Run `npm run setup`, or ask for the " +
        "other versions alone: `npm run docs -- --no-slides`.",
    );
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of Object.entries(beside)) {
    cpSync(join(ROOT, "node_modules", source), join(folder, name), { recursive: true });
  }
  const work = mkdtempSync(join(folder, "convert-"));
  try {
    const files = [...notebooks].map(([name, notebook]) => {
      const file = join(work, `${name}.ipynb`);
      writeAtomically(file, notebookText(notebook));
      return file;
    });
    await convert(files, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function convert(files: string[], folder: string): Promise<void> {
  const args = [
    ...["-m", "nbconvert", "--to", "slides", "--output-dir", folder, "--log-level", "WARN"],
    "--SlidesExporter.file_extension=.html",
    `--TemplateExporter.extra_template_basedirs=${__dirname}`,
    ...["--template", "lecture", "--SlidesExporter.reveal_url_prefix=reveal"],
    // Unlike others it has its font beside it.
    "--SlidesExporter.reveal_theme=white",
    ...[
      "--TemplateExporter.exclude_input_prompt=True",
      "--TemplateExporter.exclude_output_prompt=True",
    ],
    ...files,
  ];
  const { PYTHONPATH: _, PYTHONHOME: __, ...env } = process.env;
  return new Promise((done, fail) => {
    const child = spawn(PYTHON, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    child.once("error", fail);
    child.once("close", (code) => {
      if (code === 0) done();
      else fail(new Error(`nbconvert cannot make the slides:\n${words.trim()}`));
    });
  });
}
