import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Notebook, notebookText, writeAtomically } from "../../runner/notebookFile";

const ROOT = resolve(__dirname, "../..");
const PYTHON = join(
  ROOT,
  ".venv",
  process.platform === "win32" ? "Scripts/python.exe" : "bin/python",
);

export interface ConvertOptions {
  /** Notebooks by the names of the files made of them, without an ending. */
  notebooks: ReadonlyMap<string, Notebook>;
  /** Where the files go: NAME.html. */
  folder: string;
  /** nbconvert's exporter, and our template for it in this folder. */
  to: "html" | "slides";
  template: string;
  /** Further arguments of nbconvert. */
  settings?: readonly string[];
}

/**
 * Makes HTML of notebooks by nbconvert, from the outputs that are stored in them.
 *
 * @throws Error without Jupyter in .venv, or where nbconvert fails, with its words
 */
export async function convertNotebooks(options: ConvertOptions): Promise<void> {
  const { notebooks, folder, to, template, settings = [] } = options;
  if (!existsSync(PYTHON)) {
    throw new Error(
      "Slides and pages need nbconvert, which is not installed in .venv. Run `npm run setup`, or ask " +
        "for the notebooks alone: `npm run docs -- --no-slides`.",
    );
  }
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, "convert-"));
  try {
    const files = [...notebooks].map(([name, notebook]) => {
      const file = join(work, `${name}.ipynb`);
      writeAtomically(file, notebookText(notebook));
      return file;
    });
    await run([
      "-m",
      "nbconvert",
      "--to",
      to,
      "--output-dir",
      folder,
      "--log-level",
      "WARN",
      `--TemplateExporter.extra_template_basedirs=${__dirname}`,
      "--template",
      template,
      "--TemplateExporter.exclude_input_prompt=True",
      "--TemplateExporter.exclude_output_prompt=True",
      ...settings,
      ...files,
    ]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(args: string[]): Promise<void> {
  const { PYTHONPATH: _, PYTHONHOME: __, ...env } = process.env;
  return new Promise((done, fail) => {
    const child = spawn(PYTHON, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    child.once("error", fail);
    child.once("close", (code) => {
      if (code === 0) {
        done();
      } else {
        fail(new Error(`nbconvert failed:\n${words.trim()}`));
      }
    });
  });
}
