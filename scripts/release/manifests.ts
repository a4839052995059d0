/** A package.json, as far as a release looks at it. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  main?: string;
  types?: string;
  bin?: Record<string, string>;
  exports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional: boolean }>;
  [other: string]: unknown;
}

/** What npm shows of both packages. */
const about = {
  author: "The Karenina contributors",
  keywords: ["jupyter", "typescript", "neural-networks", "recurrent-neural-networks", "tensorflow"],
};

/** ES modules that do something when they are loaded. */
const SIDE_EFFECTS = ["index.mjs", "web.mjs", "host/web/register.mjs"];

/** What stands in a checkout only. */
function published({ private: _, devDependencies: __, ...manifest }: Manifest): Manifest {
  return { ...manifest, ...about };
}

function take(
  from: Record<string, string>,
  names: readonly string[],
): [taken: Record<string, string>, rest: Record<string, string>] {
  for (const name of names) {
    if (!(name in from)) {
      throw new Error(`lib/package.json has no dependency "${name}" any more.`);
    }
  }
  const entries = Object.entries(from);
  const isTaken = ([name]: [string, string]) => names.includes(name);
  return [
    Object.fromEntries(entries.filter(isTaken)),
    Object.fromEntries(entries.filter((entry) => !isTaken(entry))),
  ];
}

/**
 * The library's package.json for npm: JavaScript in the place of TypeScript, and dependencies that
 * install without this project's overrides.
 *
 * - tfjs-node is optional: npm then goes on where its download fails, and the library computes on
 *   WebAssembly.
 * - danfojs-node is an optional peer: it demands an old tfjs-node of its own and a package from an
 *   address that npm 12 refuses; only who uses tables installs it, with the overrides of the README.
 *
 * @param types packages whose types the declarations name, by name and version
 */
export function libraryManifest(manifest: Manifest, types: Record<string, string>): Manifest {
  const [native, others] = take({ ...manifest.dependencies, ...types }, ["@tensorflow/tfjs-node"]);
  const [peers, dependencies] = take(others, ["danfojs-node"]);
  const entry = (path: string) => ({ types: `${path}.d.ts`, default: `${path}.js` });
  return {
    ...published(manifest),
    main: "index.js",
    module: "esm/index.mjs",
    types: "index.d.ts",
    // All others make names and nothing else, so that a bundler may leave out what is not used.
    sideEffects: ["./**/*.js", "./**/*.cjs", ...SIDE_EFFECTS.map((file) => `./esm/${file}`)],
    exports: {
      // Node's programs share one library, whether they import or require it; bundlers take ES modules.
      ".": { types: "./index.d.ts", node: "./index.js", default: "./esm/index.mjs" },
      "./frames": entry("./frames/index"),
      "./data/frames": entry("./frames/index"),
      "./preload.cjs": "./host/node/preload.cjs",
      "./backend/preload.cjs": "./host/node/preload.cjs",
      "./package.json": "./package.json",
    },
    dependencies,
    optionalDependencies: native,
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(peers).map((name) => [name, { optional: true }]),
    ),
  };
}

/** The kernel's package.json for npm: declarations in the place of TypeScript. */
export function kernelManifest(manifest: Manifest): Manifest {
  return { ...published(manifest), types: "dist/index.d.ts" };
}
