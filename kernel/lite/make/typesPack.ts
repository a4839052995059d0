// The declarations that a session reads, as one object of path to text for a page to load.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import type { BuiltInModule } from "../../session/compile/resolution";
import { Session } from "../../session/session";
import type { Texts } from "../worker/files";
import { FOLDER, GLOBALS, webHost } from "../worker/host";
import { setSystem, systemOver } from "../worker/system";

const KERNEL = resolve(__dirname, "../..");

/** Folders of this machine by where a page's session sees them, the innermost first. */
export type Mounts = readonly (readonly [seen: string, folder: string])[];

/** The settings by which cells are checked: those of the language alone, and no page's. */
const TSCONFIG = JSON.stringify({ compilerOptions: { lib: ["ES2023"], types: ["node"] } });

/** What every page has: the language, Node's modules, and what the kernel gives to cells. */
export function commonMounts(nodeModules: string): Mounts {
  return [
    ["/kernel/types", join(KERNEL, "types")],
    ["/home/node_modules", nodeModules],
  ];
}

/**
 * Packs all that a session reads to check some code, by having one check it.
 *
 * @param code imports whatever cells may import
 * @param modules where the declarations of bundled modules lie, by specifier
 * @throws TypeScriptError where the code is wrong, as it is where a declaration is missing
 */
export function packTypes(
  mounts: Mounts,
  code: string,
  modules: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const disk = new MountedTexts(mounts);
  const before = setSystem(ts, systemOver(disk));
  try {
    const session = new Session({
      host: webHost(ts, disk, "/kernel/dist/", ""),
      folder: FOLDER,
      typescript: ts,
      modules: new Map(
        Object.entries(modules).map(([specifier, types]): [string, BuiltInModule] => [
          specifier,
          { types, exports: {} },
        ]),
      ),
      globals: [GLOBALS],
    });
    for (const _ of session.warmUp(() => code)) {
      // Each step reads something.
    }
    session.compile(code);
    session.complete("console.", "console.".length);
  } finally {
    setSystem(ts, before);
  }
  disk.read("/kernel/types/tslab.d.ts");
  return Object.fromEntries([...disk.texts].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The file that declares what a specifier stands for, as a page sees it; undefined where there is none. */
export function declarationsOf(mounts: Mounts, specifier: string): string | undefined {
  const { Bundler } = ts.ModuleResolutionKind;
  const found = ts.resolveModuleName(
    specifier,
    `${FOLDER}/cell.ts`,
    { module: ts.ModuleKind.ESNext, moduleResolution: Bundler },
    systemOver(new MountedTexts(mounts)),
  );
  const file = found.resolvedModule?.resolvedFileName;
  return file && /\.d\.[cm]?ts$/.test(file) ? file : undefined;
}

/** Files of this machine in the places where a page will have them; remembers what was read. */
class MountedTexts implements Texts {
  readonly texts = new Map([[`${FOLDER}/tsconfig.json`, TSCONFIG]]);

  constructor(private readonly mounts: Mounts) {}

  private onDisk(seen: string): string | undefined {
    for (const [folder, real] of this.mounts) {
      if (seen === folder || seen.startsWith(`${folder}/`)) {
        return real + seen.slice(folder.length);
      }
    }
    return undefined;
  }

  read(file: string): string | undefined {
    const known = this.texts.get(file);
    const real = this.onDisk(file);
    if (known !== undefined || real === undefined || !existsSync(real)) {
      return known;
    }
    if (!statSync(real).isFile()) {
      return undefined;
    }
    const text = readFileSync(real, "utf8");
    this.texts.set(file, text);
    return text;
  }

  hasFolder(folder: string): boolean {
    const real = this.onDisk(folder);
    const above = this.mounts.some(([seen]) => seen.startsWith(`${folder}/`));
    return above || (real !== undefined && existsSync(real) && statSync(real).isDirectory());
  }

  foldersIn(folder: string): string[] {
    const real = this.onDisk(folder);
    return real && existsSync(real)
      ? readdirSync(real).filter((name) => statSync(join(real, name)).isDirectory())
      : [];
  }
}
