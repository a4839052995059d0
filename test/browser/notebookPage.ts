import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { errors, type Locator, type Page } from "playwright-core";
import { ROOT } from "./jupyterServer";

/** An open notebook, used the way a person uses it. Lab 4 and Notebook 7 share these elements. */
export class NotebookPage {
  constructor(
    private readonly page: Page,
    private readonly frontEnd: string,
  ) {}

  /**
   * Opens the notebook and resolves when cells can be run.
   *
   * @param connected resolves when the page's own connection to an idle kernel stands; until then
   *   front ends drop what they are asked to run
   */
  async open(url: string, connected: () => Promise<void>): Promise<void> {
    await this.page.goto(url);
    await this.cell(0).waitFor();
    await connected();
    await this.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
  }

  /** Opens it on a site of JupyterLite; a first visit loads the page again, once its service worker has come. */
  async openOnSite(url: string): Promise<void> {
    await this.open(url, async () => {
      await this.page.waitForFunction("self.crossOriginIsolated");
      await this.cell(0).waitFor();
    });
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  }

  outputs(index: number): Locator {
    return this.cell(index).locator(".jp-OutputArea-child");
  }

  /** What a cell shows, by a selector. */
  shown(index: number, selector: string): Locator {
    return this.cell(index).locator(".jp-OutputArea").locator(selector);
  }

  /** Drags the handle of a cell's slider by some pixels, in small steps as a hand does. */
  async drag(index: number, pixels: number, name = /./): Promise<void> {
    const slider = this.shown(index, ".widget-slider").filter({ hasText: name });
    const box = await slider.locator(".noUi-handle").boundingBox();
    if (!box) {
      throw new Error("The slider has no handle.");
    }
    const { mouse } = this.page;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + pixels, y, { steps: 10 });
    await mouse.up();
  }

  /** Runs a cell with Shift-Enter and does not wait. */
  async start(index: number): Promise<void> {
    await this.editor(index).click();
    await this.page.keyboard.press("Shift+Enter");
  }

  /** Runs a cell and resolves when its number stands beside it. */
  async run(index: number): Promise<void> {
    await this.start(index);
    await this.finished(index);
  }

  /** Resolves while a cell runs: an asterisk stands beside it. */
  async running(index: number): Promise<void> {
    await this.prompt(index, /\[\*\]/).waitFor();
  }

  async finished(index: number): Promise<void> {
    await this.prompt(index, /\[\d+\]/).waitFor();
  }

  /** Resolves when a cell that waited for others has been given up: no number stands beside it. */
  async givenUp(index: number): Promise<void> {
    await this.prompt(index, /\[ \]/).waitFor();
  }

  /** Resolves when the text stands in a cell's output. */
  async shows(index: number, text: string | RegExp): Promise<void> {
    await this.cell(index).locator(".jp-OutputArea").filter({ hasText: text }).waitFor();
  }

  outputText(index: number): Promise<string> {
    return textOf(this.cell(index).locator(".jp-OutputArea"));
  }

  /** Writes code at the end of a cell, key by key. */
  async type(index: number, code: string): Promise<void> {
    await this.editor(index).click();
    await this.page.keyboard.press("ControlOrMeta+End");
    await this.page.keyboard.type(code);
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  /**
   * Presses a key, again where nothing comes of it: front ends throw away a completion that took
   * longer than a second, which on a busy machine the first one may.
   */
  pressUntil(key: string, shown: Locator): Promise<void> {
    return this.repeatUntil(() => this.page.keyboard.press(key), shown);
  }

  /** Does something again and again until an element is shown, which each time gets 3 seconds. */
  async repeatUntil(act: () => Promise<void>, shown: Locator): Promise<void> {
    for (let tries = 1; ; tries++) {
      await act();
      try {
        await shown.waitFor({ timeout: 3000 });
        return;
      } catch (error) {
        if (tries === 40 || !(error instanceof errors.TimeoutError)) {
          throw error;
        }
      }
    }
  }

  /** The cell's editor, once its code matches. */
  code(index: number, text: string | RegExp): Locator {
    return this.editor(index).filter({ hasText: text });
  }

  get completer(): Locator {
    return this.page.locator(".jp-Completer:not(.lm-mod-hidden)");
  }

  get tooltip(): Locator {
    return this.page.locator(".jp-Tooltip");
  }

  /** Presses a button of the notebook's toolbar. */
  async toolbar(command: string): Promise<void> {
    await this.page.locator(`.jp-Toolbar [data-command="notebook:${command}"]`).first().click();
  }

  async accept(): Promise<void> {
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
  }

  async screenshot(name: string): Promise<void> {
    const folder = join(ROOT, "build/screenshots");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${this.frontEnd}-${name}.png`) });
  }

  private editor(index: number): Locator {
    return this.cell(index).locator(".cm-content");
  }

  private prompt(index: number, text: RegExp): Locator {
    return this.cell(index).locator(".jp-InputPrompt").filter({ hasText: text });
  }
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? "";
}
