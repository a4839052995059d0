import type { Browser, BrowserContext, Page, ViewportSize } from "playwright-core";
import { launch } from "../../scripts/test/launch";

/** How long anything may take that comes in the end: the machine may be small, and busy with others. */
export const PATIENCE_MS = 480_000;

/** Chromium, unless KARENINA_BROWSER says something else. */
export function launchBrowser(): Promise<Browser> {
  return launch(PATIENCE_MS);
}

/** @param viewport in CSS pixels; default: Playwright's, 1280 by 720 */
export async function newPage(
  browser: Pick<Browser, "newPage"> | BrowserContext,
  viewport?: ViewportSize,
): Promise<Page> {
  // A context's pages have its viewport.
  const page = await (browser as Browser).newPage(viewport ? { viewport } : {});
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** Calls back with the address of each thing that a page asks of a host other than its own. */
export function onRequestElsewhere(
  page: Page,
  address: string,
  found: (address: string) => void,
): void {
  const own = new URL(address).origin;
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== own) {
      found(request.url());
    }
  });
}
