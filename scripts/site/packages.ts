// The kernel alone, for any site of JupyterLite: a wheel for pip, and the folder of an npm package.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundleExtension, bundleWorker } from "../../kernel/lite/make/bundle";
import { commonMounts, packTypes } from "../../kernel/lite/make/typesPack";
import type { SiteSettings } from "../../kernel/lite/messages";
import { findPython, pythonEnv } from "../setup/python.mjs";
import { run } from "../setup/run.mjs";
import { type PackageRequest, writeSitePackages } from "./sitePackages";

const ROOT = resolve(__dirname, "../..");
const NAME = "karenina-jupyterlite";

/** Has the declarations of the language and of Node's modules read. */
const CODE = `import assert from "node:assert/strict"; import { spawn } from "node:child_process";
import { EventEmitter } from "node:events"; import { readFileSync } from "node:fs";
assert.ok(spawn); assert.ok(EventEmitter); assert.ok(readFileSync);
`;

/** For errors in cells. */
const HOW_TO_ADD =
  "The site's owner adds pinned packages of other hosts under \"cdn\" in the kernel's site.json.";

const README = `# TypeScript in JupyterLite

A kernel for TypeScript that runs in the page: cells are checked before they run, errors name cell, line and
column, Stop ends loops that never wait (in a page that is cross-origin isolated), and files that cells
write are kept in the browser.

\`\`\`
pip install jupyterlite-core ${NAME}
jupyter lite build
\`\`\`

It is made for JupyterLite 0.8.

Cells import Node's modules, as far as a page has something for them. Packages of other hosts are allowed by
the site's owner, in \`site.json\` beside the kernel's worker
(\`extensions/${NAME}/static/kernel/site.json\` in the site), each as one exact version and by its hash:

\`\`\`json
"cdn": {
  "NAME": { "url": "https://.../NAME@1.2.3/...", "integrity": "sha384-..." }
}
\`\`\`

The file is an ES module; what it imports has to be listed, too. Cells see it as \`any\`.
`;

/**
 * Writes `npm/`, the folder of an npm package, and a wheel beside it.
 *
 * @param folder is emptied first
 * @param request what cells can import besides Node's modules
 * @returns the wheel's path
 * @throws Error saying what could not be made
 */
export async function writePackages(
  folder: string,
  request: PackageRequest = {},
): Promise<{ wheel: string; lines: string[] }> {
  rmSync(folder, { recursive: true, force: true });
  const npm = join(folder, "npm");
  const kernel = join(npm, "static", "kernel");
  mkdirSync(kernel, { recursive: true });
  await bundleExtension(join(npm, "static"));
  await bundleWorker(kernel, { minify: true });
  const added = await writeSitePackages(kernel, request);
  const types = packTypes(
    [...added.mounts, ...commonMounts(join(ROOT, "node_modules"))],
    CODE + added.code,
    added.declarations,
  );
  writeFileSync(join(kernel, "types.json"), JSON.stringify(types));
  const settings: SiteSettings = {
    modules: added.modules,
    cdn: added.cdn,
    howToAdd: HOW_TO_ADD,
    expected: CODE,
    environment: {},
  };
  writeFileSync(join(kernel, "site.json"), JSON.stringify(settings));
  const own = JSON.parse(
    readFileSync(join(ROOT, "kernel", "lite", "extension", "package.json"), "utf8"),
  );
  const manifest = { ...own, license: "MIT", files: ["static"] };
  delete manifest.private;
  writeFileSync(join(npm, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(npm, "README.md"), README);
  cpSync(join(ROOT, "LICENSE"), join(npm, "LICENSE"));

  const data = join(folder, "data");
  const lab = join(data, "share", "jupyter", "labextensions", NAME);
  cpSync(join(npm, "package.json"), join(lab, "package.json"), { recursive: true });
  cpSync(join(npm, "static"), join(lab, "static"), { recursive: true });
  const installed = { packageManager: "python", packageName: NAME };
  writeFileSync(join(lab, "install.json"), JSON.stringify(installed));
  const metadata = join(folder, "METADATA");
  const head = [
    "Metadata-Version: 2.1",
    `Name: ${NAME}`,
    `Version: ${own.version}`,
    "Summary: TypeScript in JupyterLite: typed cells, a Stop that works",
    "License: MIT",
    "Requires-Python: >=3.9",
    "Description-Content-Type: text/markdown",
  ];
  writeFileSync(metadata, `${head.join("\n")}\n\n${README}`);
  const wheel = join(folder, `${NAME.replace("-", "_")}-${own.version}-py3-none-any.whl`);
  const found = await findPython({ env: process.env, root: ROOT });
  if (found.python === null) {
    throw new Error(`A wheel needs Python: ${found.reason}`);
  }
  const made = await run(found.python, [join(__dirname, "makeWheel.py"), data, wheel, metadata], {
    cwd: ROOT,
    env: pythonEnv(process.env),
    limitSeconds: 120,
  });
  if (!made.ok) {
    throw new Error(`The wheel could not be packed: ${made.failure}`);
  }
  rmSync(data, { recursive: true });
  rmSync(metadata);
  return { wheel, lines: added.lines };
}
