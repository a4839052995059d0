import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

/**
 * Writes notebooks where JupyterLite looks for a site's files, and the list of them.
 *
 * @param options `folder`: where they lie, default the top; `folders`: the folders beside them
 */
export function writeContents(
  site: string,
  notebooks: readonly string[],
  { folder = "", folders = [] }: { folder?: string; folders?: readonly string[] } = {},
): void {
  const files = join(site, "files", folder);
  const api = join(site, "api", "contents", folder);
  mkdirSync(files, { recursive: true });
  mkdirSync(api, { recursive: true });
  const inside = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  const entries = notebooks.map((file) => {
    const name = basename(file);
    cpSync(file, join(files, name));
    const { mtime, size } = statSync(file);
    const time = mtime.toISOString();
    return {
      name,
      path: inside(name),
      type: "notebook",
      format: null,
      mimetype: null,
      content: null,
      size,
      writable: true,
      created: time,
      last_modified: time,
    };
  });
  const directory = (path: string, content: object[] | null) => ({
    name: basename(path),
    path,
    type: "directory",
    format: "json",
    mimetype: null,
    size: null,
    writable: true,
    created: entries[0].created,
    last_modified: entries[0].last_modified,
    content,
  });
  const all = [...entries, ...folders.map((name) => directory(inside(name), null))];
  writeFileSync(join(api, "all.json"), JSON.stringify(directory(folder, all)));
}

/** Writes the Plotly that figures look for beside a notebook (see lib/display/figureHtml.ts). */
export async function writePlotly(site: string, nodeModules: string): Promise<void> {
  const name = join("node_modules", "plotly.js-dist", "plotly.js");
  await build({
    stdin: { contents: readFileSync(join(nodeModules, "plotly.js-dist", "plotly.js"), "utf8") },
    outfile: join(site, "files", name),
    minify: true,
    legalComments: "inline",
    logLevel: "error",
  });
}
