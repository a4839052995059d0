import type { BuiltInModule } from "../../session/compile/resolution";
import type { SiteSettings } from "../messages";
import { bytes, type FileMap } from "../web/bytes";
import { type Command, provided as commands, source } from "../web/commands";

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
 * The modules that a site bundles. Their scripts are loaded when the first cell imports them, since
 * most notebooks begin with something shorter.
 */
export function siteModules(
  { modules, commands: programs = {} }: SiteSettings,
  base: string,
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
  return new Map(
    Object.entries(modules).map(([specifier, { types, script }]) => [
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
  );
}
