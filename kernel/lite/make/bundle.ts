// The scripts of the kernel in a browser: its worker, and what JupyterLite loads.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const ROOT = resolve(__dirname, "..");
const require = createRequire(__filename);

/** What stands for modules of Node's in a page. */
const STANDINS: Record<string, string> = {
  buffer: "buffer",
  child_process: "childProcess",
  crypto: "crypto",
  events: "events",
  fs: "fs",
  os: "os",
  path: "path",
  process: "process",
  stream: "stream",
  timers: "timers",
  url: "url",
  util: "util",
  worker_threads: "workerThreads",
};

/** Has modules of Node's answered by those of ../web, and `assert` by the package of that name. */
export function nodeStandIns(): Plugin {
  return {
    name: "node-stand-ins",
    setup({ onResolve }) {
      onResolve({ filter: /^(node:)?assert(\/strict)?$/ }, ({ kind }) =>
        kind === "entry-point" ? undefined : { path: join(ROOT, "web", "assert.cjs") },
      );
      onResolve({ filter: /^(node:)?[a-z_]+$/ }, ({ path, importer }) => {
        const bare = path.replace(/^node:/, "");
        const own = Object.hasOwn(STANDINS, bare) ? STANDINS[bare] : undefined;
        // Packages made for browsers ask for others of theirs: `util/`, `buffer/`.
        return own && !/node_modules[\\/](assert|util)[\\/]/.test(importer)
          ? { path: join(ROOT, "web", `${own}.ts`) }
          : undefined;
      });
    },
  };
}

/** How scripts of a page are bundled, those of a site's modules too. */
export function forPage({ minify = false } = {}): BuildOptions {
  return {
    bundle: true,
    platform: "browser",
    target: "es2022",
    format: "iife",
    minify,
    // Errors and values are shown by the names of their classes.
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  };
}

/** Writes `worker.js` and `typescript.js`, which it loads, into a folder. */
export async function bundleWorker(folder: string, { minify = false } = {}): Promise<void> {
  const page = forPage({ minify });
  await build({
    ...page,
    entryPoints: [join(ROOT, "worker", "entry.ts")],
    outfile: join(folder, "worker.js"),
    plugins: [nodeStandIns()],
  });
  // The compiler as it is published, made smaller.
  await build({
    entryPoints: [require.resolve("typescript")],
    outfile: join(folder, "typescript.js"),
    minifyWhitespace: minify,
    minifySyntax: minify,
    legalComments: "none",
    logLevel: "error",
  });
}

/** Writes what JupyterLite loads, `remoteEntry.js`, into a folder. */
export async function bundleExtension(folder: string): Promise<void> {
  await build({
    ...forPage({ minify: true }),
    entryPoints: [join(ROOT, "extension", "remoteEntry.ts")],
    outfile: join(folder, "remoteEntry.js"),
  });
}
