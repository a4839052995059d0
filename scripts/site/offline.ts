// What a site needs to be used without a network: the list of files to be copied, and a manifest.
import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findFiles } from "../setup/findFiles.mjs";

const ROOT = resolve(__dirname, "../..");

/** Large data sets are copied by the library when a cell first asks for them; the rest is of no page. */
const LEFT_OUT = [
  /^extensions\/.*\/data\/(mnist|sotu)/,
  /^(consoles|doc|edit|notebooks|repl|tree)\//,
  /^build\/(consoles|edit|notebooks|repl|tree)\//,
  /^rspack\.config|\.(ts|map)$/,
  // Licences, and not the novels.
  /^(?!extensions\/.*\/data\/).*\.txt$/,
  /^(service-worker\.js|keep\.json)$/,
];

/**
 * Writes `keep.json`, which the service worker copies the site by, and the manifest by which browsers
 * install it as an app. To be called when all else is there.
 */
export function writeOffline(site: string): void {
  cpSync(join(ROOT, "kernel", "install", "logos", "logo-svg.svg"), join(site, "icon.svg"));
  const manifest = {
    name: "Karenina: neural networks in TypeScript",
    short_name: "Karenina",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#ffffff",
    icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml" }],
  };
  writeFileSync(join(site, "manifest.webmanifest"), JSON.stringify(manifest));
  const hash = createHash("sha256");
  const files = findFiles(site, (file) => !LEFT_OUT.some((pattern) => pattern.test(file)));
  for (const file of files) {
    hash.update(`${file}\n`).update(readFileSync(join(site, file)));
  }
  const list = { version: hash.digest("hex").slice(0, 16), files };
  writeFileSync(join(site, "keep.json"), JSON.stringify(list));
}
