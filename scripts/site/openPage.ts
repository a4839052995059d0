// The page that opens a notebook from elsewhere: see share/ for what it does.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { bundlePageScript } from "./pageScript";
import { OPEN_PAGE } from "./share/link";

const PARTS = join(__dirname, "share");

/** Writes the page with its script into the site's folder; its style is the first page's. */
export async function writeOpenPage(folder: string): Promise<void> {
  await bundlePageScript(join(PARTS, "start.ts"), join(folder, "open.js"));
  copyFileSync(join(PARTS, "page.html"), join(folder, OPEN_PAGE));
}
