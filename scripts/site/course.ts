// What the site's cells can import: a script, its declarations, and the files that it reads.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { forPage, nodeStandIns } from "../../kernel/lite/make/bundle";
import { commonMounts, packTypes } from "../../kernel/lite/make/typesPack";
import type { SiteSettings } from "../../kernel/lite/messages";
import { writeDeclarations } from "../release/compile";
import { PROGRESS_FILE } from "./page/progressFile";
import { type PackageRequest, type SitePackages, writeSitePackages } from "./sitePackages";

const ROOT = resolve(__dirname, "../..");
const NODE_MODULES = join(ROOT, "node_modules");
const PAGE = join(__dirname, "page");
const require = createRequire(__filename);

/** Code that cells are likely to begin with. */
const EXPECTED = `import { tf } from "karenina";
import * as lessons from "karenina-lessons";
import * as frames from "karenina/frames";
import assert from "node:assert/strict";
`;

/** Modules of Node's that cells may name, whose declarations belong to the pack. */
const CELLS = `import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
`;

/** Programs that the course stands for; see page/commands.ts. */
const COMMANDS = { npm: "course.js", karenina: "course.js" };

/** For errors in cells. */
const HOW_TO_ADD =
  "Whoever makes the site adds packages of the project by npm run site -- --bundle NAME, and pinned ones of " +
  "other hosts by --cdn FILE (see docs/browser.md).";

/** Where the declarations of the site's own modules lie, by specifier. */
const DECLARATIONS = Object.fromEntries(
  ["karenina", "karenina/frames", "karenina-lessons"].map((specifier) => [
    specifier,
    `/home/node_modules/${specifier}/index.d.ts`,
  ]),
);

const MODULES: SiteSettings["modules"] = Object.fromEntries(
  Object.entries(DECLARATIONS).map(([specifier, types]) => [
    specifier,
    { types, script: "course.js" },
  ]),
);

/** The globals of a command's code. It is called through npm, as in a checkout. */
const COMMAND_GLOBALS = [
  `import { commandConsole as console, commandProcess as process } from ${JSON.stringify(join(PAGE, "commandProcess.ts"))};`,
  'const __filename = "cli.ts"; ',
].join(" ");

/** Has the library and its packages find what a page has in the place of Node's. */
const pagesOwn: Plugin = {
  name: "pages-own",
  setup({ onLoad, onResolve }) {
    const own = (name: string) => ({ path: join(PAGE, `${name}.ts`) });
    onResolve({ filter: /^\.\.?\/node$/ }, ({ importer }) =>
      dirname(importer).startsWith(join(ROOT, "lib")) ? own("host") : undefined,
    );
    // What the commands take for their process, and what they say, is theirs and not the kernel's.
    onResolve({ filter: /\/host\/node\/(display|lock)$/ }, () => own("nothing"));
    onResolve({ filter: /^node:process$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]commander[\\/]/.test(importer)
        ? { path: join(PAGE, "commandProcess.cjs") }
        : undefined,
    );
    onLoad({ filter: /[\\/]lib[\\/]cli[\\/]\w+\.ts$/ }, ({ path }) => ({
      contents: `${COMMAND_GLOBALS}${readFileSync(path, "utf8")}`,
      loader: "ts",
      resolveDir: dirname(path),
    }));
    onResolve({ filter: /^@tensorflow\/tfjs-node$/ }, () => own("tensorflow"));
    // Nothing of a worker's computes by it.
    onResolve({ filter: /^@tensorflow\/tfjs-backend-webgl$/ }, () => own("nothing"));
    // The edition for browsers would bring a TensorFlow.js and a Plotly of its own.
    onResolve({ filter: /^danfojs-node$/ }, () => ({
      path: join(NODE_MODULES, "danfojs-node", "dist", "danfojs-base", "index.js"),
    }));
    // Reading spreadsheets and fetching are no part of what the library uses of it.
    onResolve({ filter: /^(xlsx|request|node-fetch|https?|zlib|plotly\.js-dist-min)$/ }, () =>
      own("nothing"),
    );
  },
};

/** Has a script beside the library's find the TensorFlow.js of that one; see page/webGpu.ts. */
const librarysTensorFlow: Plugin = {
  name: "librarys-tensorflow",
  setup({ onLoad, onResolve }) {
    const namespace = "librarys-tensorflow";
    onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /.*/, namespace }, () => ({
      contents: "module.exports = globalThis.kareninaTensorFlow;",
    }));
  },
};

/**
 * Writes script, declarations, settings and the library's own files into the kernel's folder.
 * @returns what an owner may want to know of the packages that were asked for, a line each
 */
export async function writeCourse(
  folder: string,
  { mode, minify, packages = {} }: { mode: string; minify: boolean; packages?: PackageRequest },
): Promise<string[]> {
  await build({
    ...forPage({ minify }),
    entryPoints: [join(PAGE, "course.ts")],
    outfile: join(folder, "course.js"),
    plugins: [pagesOwn, nodeStandIns()],
    nodePaths: [NODE_MODULES],
  });
  await build({
    ...forPage({ minify }),
    entryPoints: [join(PAGE, "webGpuBackend.ts")],
    outfile: join(folder, "webgpu.js"),
    plugins: [librarysTensorFlow],
    nodePaths: [NODE_MODULES],
  });
  const added = await writeSitePackages(folder, packages, Object.keys(MODULES));
  writeFileSync(join(folder, "types.json"), JSON.stringify(packCourseTypes(added)));
  const settings: SiteSettings = {
    modules: { ...MODULES, ...added.modules },
    cdn: added.cdn,
    howToAdd: HOW_TO_ADD,
    commands: COMMANDS,
    expected: EXPECTED,
    environment: {
      KARENINA_MODE: mode,
      KARENINA_PROGRESS: PROGRESS_FILE,
      KARENINA_PROGRESS_PLACE: "this browser; the site's first page carries it to another machine",
    },
  };
  writeFileSync(join(folder, "site.json"), JSON.stringify(settings));
  const pretrained = join(ROOT, "lib", "models", "pretrained");
  const own = join(folder, "own", "models", "pretrained");
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(pretrained).filter((file) => /\.(safetensors|md)$/.test(file))) {
    cpSync(join(pretrained, name), join(own, name));
  }
  const wasm = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  mkdirSync(join(folder, "wasm"), { recursive: true });
  for (const name of readdirSync(join(wasm, "dist")).filter((file) => file.endsWith(".wasm"))) {
    cpSync(join(wasm, "dist", name), join(folder, "wasm", name));
  }
  return added.lines;
}

function packCourseTypes({ declarations, code, mounts }: SitePackages): Record<string, string> {
  const made = mkdtempSync(join(tmpdir(), "declarations-"));
  try {
    const configFile = join(ROOT, "tsconfig.json");
    writeDeclarations(join(ROOT, "lib"), join(made, "karenina"), {
      entries: ["index.ts", "frames/index.ts"],
      configFile,
      rename: { "@tensorflow/tfjs-node": "@tensorflow/tfjs" },
    });
    writeDeclarations(join(ROOT, "lessons"), join(made, "karenina-lessons"), {
      entries: ["index.ts"],
      configFile,
    });
    return packTypes(
      [
        ["/home/node_modules/karenina", join(made, "karenina")],
        ["/home/node_modules/karenina-lessons", join(made, "karenina-lessons")],
        ...mounts,
        ...commonMounts(NODE_MODULES),
      ],
      EXPECTED + CELLS + code,
      { ...DECLARATIONS, ...declarations },
    );
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
