import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleWorker } from "../../kernel/lite/make/bundle";
import { commonMounts, packTypes } from "../../kernel/lite/make/typesPack";
import type { SiteSettings } from "../../kernel/lite/messages";
import { serve } from "../../scripts/site/serve";
import { type PackageRequest, writeSitePackages } from "../../scripts/site/sitePackages";

const NODE_MODULES = resolve(__dirname, "../../node_modules");
/** What cells of the tests import. */
const CODE = `import assert from "node:assert/strict"; import { writeFileSync } from "node:fs";
assert.ok(writeFileSync);`;
/** A module of the site's own. */
const NOBODY = {
  types: `export function greet(name: string): string;
export function greetLater(name: string): Promise<string>;`,
  script: `const greet = (name) => {
  if (!name) throw new TypeError("nobody to greet");
  return "Hello, " + name;
};
const greetLater = async (name) => { await 1; return greet(name); };
kareninaLite.provide({ nobody: { greet, greetLater } });`,
};

/** Headers by which a page may share memory with its worker. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** A folder with the kernel's worker, a module called `nobody`, and a page to start it from. */
export class WorkerSite {
  private readonly servers: { close(): void }[] = [];

  private constructor(private readonly folder: string) {}

  /** @param request what cells can import besides */
  static async make(request: PackageRequest = {}): Promise<WorkerSite> {
    const folder = mkdtempSync(join(tmpdir(), "kernel in a page-"));
    await bundleWorker(folder);
    const added = await writeSitePackages(folder, request, ["nobody"]);
    const settings: SiteSettings = {
      modules: {
        nobody: { types: "/site/nobody.d.ts", script: "nobody.js" },
        ...added.modules,
      },
      cdn: added.cdn,
      howToAdd: "Ask whoever makes the site.",
      expected: "",
      environment: { ANSWER: "42" },
    };
    const types = {
      ...packTypes(
        [...added.mounts, ...commonMounts(NODE_MODULES)],
        CODE + added.code,
        added.declarations,
      ),
      "/site/nobody.d.ts": NOBODY.types,
    };
    const files = {
      "index.html": "<!DOCTYPE html><title>A page</title>",
      "nobody.js": NOBODY.script,
      "site.json": JSON.stringify(settings),
      "types.json": JSON.stringify(types),
    };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text);
    }
    return new WorkerSite(folder);
  }

  /** @returns its address, of an origin of its own */
  async serve(headers: Record<string, string>): Promise<string> {
    const { server, address } = await serve(this.folder, { port: 0, headers });
    this.servers.push(server);
    return address;
  }

  remove(): void {
    for (const server of this.servers) {
      server.close();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
