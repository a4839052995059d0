import type { SessionHost } from "../host";

/** Files that package managers leave in a project, and how each of them installs a package. */
const MANAGERS = {
  "pnpm-lock.yaml": "pnpm add",
  "yarn.lock": "yarn add",
  "bun.lock": "bun add",
  "bun.lockb": "bun add",
  "package-lock.json": "npm install",
};

/** How to install a package that is missing in the project that a folder is part of. */
export class Installation {
  constructor(
    private readonly folder: string,
    private readonly host: SessionHost,
  ) {}

  /**
   * Says in a sentence how to install what a specifier names, or how else to name it.
   * @returns undefined where it names no package, but a file or a module of the platform
   */
  adviceFor(specifier: string): string | undefined {
    if (/^(?:npm|jsr):/.test(specifier)) {
      return namedOtherwise(specifier);
    }
    if (/^[./#]|:/.test(specifier) || this.host.modules.isBuiltIn(specifier)) {
      return undefined;
    }
    if (this.host.packageAdvice) {
      return this.host.packageAdvice(specifier);
    }
    const line = `!${this.command()} ${packageName(specifier)}`;
    return `To install it, run this line in a cell of its own: ${line}`;
  }

  private command(): string {
    const { files, paths } = this.host;
    for (let at = this.folder; ; at = paths.dirname(at)) {
      for (const [file, command] of Object.entries(MANAGERS)) {
        if (files.status(paths.join(at, file))) {
          return command;
        }
      }
      if (paths.dirname(at) === at) {
        return "npm install";
      }
    }
  }
}

/** What to write in place of `npm:zod@3`, which is Deno's. */
export function namedOtherwise(specifier: string): string {
  const found = packageName(specifier.replace(/^(?:npm|jsr):\/?/, ""));
  return (
    `Packages are imported by their names alone, not as ${specifier}: install it ` +
    `(npm install ${found}) and write import ... from ${JSON.stringify(found)}.`
  );
}

/** `zod` of `zod@3/v4`, `@scope/name` of `@scope/name@1`. */
export function packageName(specifier: string): string {
  return /^(?:@[^/@]+\/)?[^/@]+/.exec(specifier)?.[0] ?? specifier;
}
