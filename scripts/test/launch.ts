// Browsers of this machine, headless, for tests and for the runner.
import { type Browser, chromium, firefox } from "playwright-core";
// What Playwright speaks to browsers through.
import { ws as WebSocket } from "playwright-core/lib/utilsBundle";
import { findChromium } from "./chromium.mjs";
import { findFirefox } from "./firefox.mjs";

/**
 * @param timeout in milliseconds; default: Playwright's, half a minute
 * @param name KARENINA_BROWSER's; without one, Chromium
 * @param more switches of Chromium's
 * @throws Error where there is none
 */
export async function launch(
  timeout?: number,
  name = chosenBrowser(),
  more: readonly string[] = [],
): Promise<Browser> {
  return name === "firefox" ? await launchFirefox(timeout) : await launchChromium(timeout, more);
}

type BrowserName = "chromium" | "firefox";

function chosenBrowser({ KARENINA_BROWSER: name = "chromium" } = process.env): BrowserName {
  if (name !== "chromium" && name !== "firefox") {
    throw new Error(`KARENINA_BROWSER is "${name}"; it can be chromium or firefox.`);
  }
  return name;
}

/** One that asks no network for anything of its own. */
async function launchChromium(
  timeout: number | undefined,
  more: readonly string[],
): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error(
      "No Chromium was found. Install one (Debian: apt install chromium), or name it in KARENINA_CHROMIUM.",
    );
  }
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-sync",
      ...more,
    ],
    timeout,
  });
}

async function launchFirefox(timeout?: number): Promise<Browser> {
  const executablePath = findFirefox();
  if (!executablePath) {
    throw new Error(
      "No Firefox was found. Install one (Debian: apt install firefox-esr), or name it in KARENINA_FIREFOX.",
    );
  }
  askForNoMedia();
  // By WebDriver BiDi: it is not Playwright's own build.
  return await firefox.launch({ channel: "moz-firefox", executablePath, timeout });
}

let asksForNoMedia = false;

/**
 * Playwright 1.65 sets the preferred colours of each context by a command that Firefox 153 does not
 * know, and takes that for a failure. A command without effect goes in its place.
 */
function askForNoMedia(): void {
  if (asksForNoMedia) {
    return;
  }
  asksForNoMedia = true;
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data, ...rest) {
    const isMedia = data.includes('"method":"emulation.setMediaFeaturesOverride"');
    const harmless = () =>
      JSON.stringify({ id: JSON.parse(data).id, method: "session.status", params: {} });
    return send.call(this, isMedia ? harmless() : data, ...rest);
  };
}
