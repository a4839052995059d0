import { build } from "esbuild";

/** Bundles the script of one of the site's own pages. */
export async function bundlePageScript(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome110", "firefox115", "safari16.4"],
    logLevel: "error",
  });
}
