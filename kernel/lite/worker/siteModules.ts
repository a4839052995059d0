import type { BuiltInModule } from "../../session/compile/resolution";
import type { SiteSettings } from "../messages";
import { bytes } from "../web/bytes";

/** What scripts of the site find in the worker: `globalThis.kareninaLite`. */
export interface Lite {
  /** The folder of the site that the kernel lies in, as an address that ends in "/". */
  readonly base: string;
  /** The files of cells, by whole path, for libraries that write some. */
  readonly files: Map<string, Uint8Array>;
  /** Gives what importing a module gives. */
  provide(modules: Record<string, object>): void;
}

/** Runs a script before the call returns, as workers can. */
declare function importScripts(address: string): void;

/**
 * The modules that a site bundles. Their scripts are loaded when the first cell imports them, since
 * most notebooks begin with something shorter.
 */
export function siteModules({ modules }: SiteSettings, base: string): Map<string, BuiltInModule> {
  const provided: Record<string, object> = {};
  const lite: Lite = {
    base,
    files: bytes,
    provide: (more) => void Object.assign(provided, more),
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
