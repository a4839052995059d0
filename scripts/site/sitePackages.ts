// npm packages that a site's owner adds to what cells can import: bundled from the project's node_modules,
// or fetched from another host by whoever imports them.
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { forPage, nodeStandIns } from "../../kernel/lite/make/bundle";
import { commonMounts, declarationsOf, type Mounts } from "../../kernel/lite/make/typesPack";
import { type CdnModule, INTEGRITY, type SiteModule } from "../../kernel/lite/messages";
import { packageName } from "../../kernel/session/compile/installation";

const ROOT = resolve(__dirname, "../..");
const NODE_MODULES = join(ROOT, "node_modules");
const SEEN = "/home/node_modules";

/** What an owner asks for. */
export interface PackageRequest {
  /** What cells import, of the project's packages: "minisearch", "lodash/fp". */
  bundle?: readonly string[];
  /** A JSON file of packages from other hosts. */
  cdn?: string;
}

/** What a site's settings and declarations are to have of them. */
export interface SitePackages {
  modules: Record<string, SiteModule>;
  cdn: Record<string, CdnModule>;
  /** Where declarations lie, by specifier. */
  declarations: Record<string, string>;
  /** Code that imports all that has some. */
  code: string;
  mounts: Mounts;
  /** What an owner may want to know, a line each. */
  lines: string[];
}

/**
 * Writes the scripts of bundled packages into the kernel's folder, `packages/`, and reads the list of others.
 *
 * @param taken what cells can import without them
 * @throws Error naming the package and what is wrong with it
 */
export async function writeSitePackages(
  folder: string,
  { bundle = [], cdn }: PackageRequest,
  taken: readonly string[] = [],
): Promise<SitePackages> {
  const elsewhere = cdn === undefined ? {} : readCdnFile(cdn);
  const known = new Set(taken);
  for (const name of [...bundle, ...Object.keys(elsewhere)]) {
    if (known.has(name)) {
      throw new Error(`${name} is on the site already: leave it out.`);
    }
    known.add(name);
  }
  const modules: SitePackages["modules"] = {};
  for (const name of bundle) {
    modules[name] = { script: await bundlePackage(folder, name) };
  }
  const mounts: [string, string][] = [];
  const made: SitePackages = { modules, cdn: {}, declarations: {}, code: "", mounts, lines: [] };
  for (const [name, { url, integrity, types }] of Object.entries(elsewhere)) {
    made.cdn[name] = { url, integrity };
    if (types !== undefined) {
      const isFile = statSync(types).isFile();
      mounts.push([`${SEEN}/${name}`, isFile ? dirname(types) : types]);
      if (isFile) {
        made.cdn[name].types = `${SEEN}/${name}/${basename(types)}`;
      }
    }
  }
  const all = [...mounts, ...commonMounts(NODE_MODULES)];
  for (const [name, module] of Object.entries<SiteModule | CdnModule>({
    ...modules,
    ...made.cdn,
  })) {
    const types = module.types ?? declarationsOf(all, name);
    if (types === undefined) {
      made.lines.push(`${name} has no declarations here: to cells all of it is \`any\`.`);
    } else {
      module.types = types;
      made.declarations[name] = types;
      made.code += `import * as added${made.code.length} from ${JSON.stringify(name)};\n`;
    }
  }
  return made;
}

/** @returns the script, seen from the kernel's folder */
async function bundlePackage(folder: string, name: string): Promise<string> {
  if (!existsSync(join(NODE_MODULES, packageName(name), "package.json"))) {
    throw new Error(
      `${name} cannot be bundled: the project has no such package. Install it first: npm install ${packageName(name)}.`,
    );
  }
  const script = `packages/${name}.js`;
  mkdirSync(dirname(join(folder, script)), { recursive: true });
  const namespaces = join(ROOT, "kernel", "session", "run", "namespaces.ts");
  const quoted = JSON.stringify(name);
  await build({
    ...forPage({ minify: true }),
    stdin: {
      contents: `import * as all from ${quoted};
import { commonJsOf } from ${JSON.stringify(namespaces)};
kareninaLite.provide({ ${quoted}: commonJsOf(all) });
`,
      resolveDir: ROOT,
    },
    outfile: join(folder, script),
    plugins: [nodeStandIns()],
    logLevel: "silent",
  }).catch((error: Error & { errors?: { text: string }[] }) => {
    const why = error.errors?.map(({ text }) => text).join("; ") ?? error.message;
    throw new Error(`${name} cannot be bundled for a page: ${why}`, { cause: error });
  });
  return script;
}

/** One exact version, as `@3.2.4` or `/3.2.4/`; a tag or a range, such as `@3`, is another file tomorrow. */
const EXACT_VERSION = /[@/]v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?(?=[/?&]|$)/;

/**
 * A list of packages from other hosts.
 * @returns them by name, `types` as whole paths
 */
function readCdnFile(file: string): Record<string, CdnModule> {
  const wrong = (what: string) => new Error(`${file}: ${what}`);
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const packages = asObject(asObject(list)?.packages);
  if (!packages) {
    throw wrong('it has to be { "packages": { "NAME": { "url": "...", "integrity": "..." } } }.');
  }
  return Object.fromEntries(
    Object.entries(packages).map(([name, value]) => {
      const { url, integrity, types, ...rest } = asObject(value) ?? {};
      const [unknown] = Object.keys(rest);
      if (unknown !== undefined) {
        throw wrong(`${name} has "${unknown}"; known are "url", "integrity" and "types".`);
      }
      if (typeof url !== "string" || !isSafe(url)) {
        throw wrong(`${name} needs a "url" that begins with https://.`);
      }
      if (!EXACT_VERSION.test(new URL(url).pathname + new URL(url).search)) {
        throw wrong(
          `the address of ${name}, ${url}, names no exact version, as .../${name}@1.2.3/... does: ` +
            "without one it may be another file tomorrow.",
        );
      }
      if (typeof integrity !== "string" || !INTEGRITY.test(integrity)) {
        throw wrong(
          `${name} needs the "integrity" of its file, "sha384-..." with the hash in base64. This command ` +
            `gives the hash: curl -sL "${url}" | openssl dgst -sha384 -binary | openssl base64 -A`,
        );
      }
      if (types === undefined) {
        return [name, { url, integrity }];
      }
      const path = typeof types === "string" ? resolve(dirname(file), types) : "";
      if (path === "" || !existsSync(path)) {
        throw wrong(`the "types" of ${name} are no file or folder: ${JSON.stringify(types)}.`);
      }
      return [name, { url, integrity, types: path }];
    }),
  );
}

/** A host of this machine, as in tests, needs no encryption. */
function isSafe(url: string): boolean {
  return /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)[:/])/.test(url) && URL.canParse(url);
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
