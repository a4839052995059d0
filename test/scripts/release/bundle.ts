import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { libraryManifest } from "../../../scripts/release/manifests";
import { writeBrowserModules } from "../../../scripts/release/stage";

const ROOT = resolve(__dirname, "../../..");

/** A project of a stranger's whose bundler finds the library as npm has it, for a browser. */
export class BundledProject {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<BundledProject> {
    const folder = mkdtempSync(join(tmpdir(), "bundled-"));
    const library = join(folder, "node_modules", "karenina");
    mkdirSync(library, { recursive: true });
    await writeBrowserModules(join(library, "esm"));
    const manifest = JSON.parse(readFileSync(join(ROOT, "lib", "package.json"), "utf8"));
    writeFileSync(join(library, "package.json"), JSON.stringify(libraryManifest(manifest, {})));
    return new BundledProject(folder);
  }

  /** A program as one script for a page. */
  async bundle(program: string, { minify = false } = {}): Promise<string> {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: this.folder },
      absWorkingDir: this.folder,
      // What the library depends on lies beside this project.
      nodePaths: [join(ROOT, "node_modules")],
      bundle: true,
      platform: "browser",
      format: "iife",
      minify,
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0].text;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
