import type { BuiltInModule } from "../../session/compile/resolution";
import type { TypeScript } from "../../session/host";
import type { SiteSettings } from "../messages";
import { bytes, type FileMap } from "../web/bytes";
import { type Command, provided as commands, source } from "../web/commands";
import { CdnModules } from "./cdnModules";

/** What scripts of the site find in the worker: `globalThis.kareninaLite`. */
export interface Lite {
  /** The folder of the site that the kernel lies in, as an address that ends in "/". */
  readonly base: string;
  /** The files of cells, by whole path, for libraries that write some. */
  readonly files: FileMap;
  /** Gives what importing a module gives. */
  provide(modules: Record<string, object>): void;
  /** Gives what stands for a program, such as `npm`, in lines for the shell and in node:child_process. */
  provideCommand(program: string, command: Command): void;
}

/** Runs a script before the call returns, as workers can. */
declare function importScripts(address: string): void;

/**
 * The modules that a site brings. Their scripts are loaded when the first cell imports them, since
 * most notebooks begin with something shorter.
 */
export function siteModules(
  { modules, cdn = {}, commands: programs = {} }: SiteSettings,
  base: string,
  typescript: TypeScript,
): Map<string, BuiltInModule> {
  const provided: Record<string, object> = {};
  const lite: Lite = {
    base,
    files: bytes,
    provide: (more) => void Object.assign(provided, more),
    provideCommand: (program, command) => void commands.set(program, command),
  };
  source.load = (program) => {
    if (Object.hasOwn(programs, program)) {
      importScripts(new URL(programs[program], base).href);
    }
  };
  Object.assign(globalThis, { kareninaLite: lite });
  const elsewhere = new CdnModules(typescript, cdn);
  return new Map<string, BuiltInModule>(
    [
      ...Object.entries(cdn).map(([specifier, { types }]): [string, BuiltInModule] => [
        specifier,
        {
          types,
          load: () => elsewhere.load(specifier),
          get exports() {
            return elsewhere.exportsOf(specifier);
          },
        },
      ]),
      ...Object.entries(modules).map(([specifier, { types, script }]): [string, BuiltInModule] => [
        specifier,
        {
          types,
          get exports() {
            if (!provided[specifier]) {
              importScripts(new URL(script, base).href);
            }
            return provided[specifier];
          },
        },
      ]),
    ].map(([specifier, module]) => [
      specifier,
      module.types === undefined ? tellingOnce(specifier, module) : module,
    ]),
  );
}

/** Says, when a module without declarations is first imported, what that means. */
function tellingOnce(specifier: string, module: BuiltInModule): BuiltInModule {
  let told = false;
  return {
    types: undefined,
    async load() {
      await module.load?.();
      if (!told) {
        told = true;
        console.error(
          `${specifier} comes without declarations of its types: all of it is \`any\` here.`,
        );
      }
    },
    get exports() {
      return module.exports;
    },
  };
}

/** Declares those of a site's modules that come without declarations. */
export function declarationsOfOthers({ modules, cdn = {} }: SiteSettings): string {
  return Object.entries<{ types?: string }>({ ...cdn, ...modules })
    .filter(([, { types }]) => types === undefined)
    .map(([specifier]) => `declare module ${JSON.stringify(specifier)};\n`)
    .join("");
}

/** What to tell people whose cell imports something that the site does not have. */
export function adviceOf({ modules, cdn = {}, howToAdd }: SiteSettings): string {
  const list = (names: string[]) => (names.length > 0 ? names.join(", ") : "no packages");
  const allowed = Object.keys(cdn);
  return [
    `This notebook runs in a browser. Besides some of Node's modules, a cell can import what the site brings: ${list(Object.keys(modules))}.`,
    ...(allowed.length > 0 ? [`From other hosts its owner allows: ${list(allowed)}.`] : []),
    ...(howToAdd === undefined ? [] : [howToAdd]),
  ].join(" ");
}
