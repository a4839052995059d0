import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Outcome, ToMain } from "../../kernel/channel";
import type { ToPage } from "../../kernel/lite/messages";
import { newPage } from "./browser";

/** What a cell gave: how it ended, and what it said and showed on the way. */
export interface Ran {
  outcome: Outcome;
  said: ToPage[];
}

/** What the page has of a worker; see workerPage.js. */
interface PageKernel {
  told: ToPage[];
  send(message: unknown): void;
  raiseStop(): void;
  answer(text: string): void;
}

declare const kernel: PageKernel;
declare function startKernel(address: string): void;

/** A kernel's worker in a page of its own, asked as JupyterLite's extension asks it. */
export class WorkerKernel {
  private count = 0;

  private constructor(
    readonly page: Page,
    /** By what was loaded, in milliseconds since the worker began. */
    readonly milliseconds: Record<string, number>,
  ) {}

  /**
   * @param address of a page beside whose folder the kernel's lies
   * @param worker the address of the worker's script, seen from that page
   * @throws Error with the worker's reason where it does not start
   */
  static async start(
    browser: Pick<Browser, "newPage"> | BrowserContext,
    address: string,
    worker: string,
  ): Promise<WorkerKernel> {
    const page = await newPage(browser);
    await page.goto(address);
    await page.addScriptTag({ path: join(__dirname, "workerPage.js") });
    await page.evaluate((address) => startKernel(address), worker);
    const begun = await page.waitForFunction(() =>
      kernel.told.find(({ type }) => type === "ready" || type === "failed"),
    );
    const message = (await begun.jsonValue()) as ToPage;
    if (message.type !== "ready") {
      throw new Error(`The worker did not start: ${JSON.stringify(message)}`);
    }
    return new WorkerKernel(page, message.milliseconds);
  }

  isolated(): Promise<boolean> {
    return this.page.evaluate(
      () => (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true,
    );
  }

  /** Sends a cell and resolves with its id. */
  async begin(code: string): Promise<string> {
    const count = ++this.count;
    const id = `cell ${count}`;
    const request: ToMain = {
      type: "execute",
      id,
      code,
      count,
      silent: false,
      aside: false,
      storeHistory: true,
      allowStdin: true,
      userExpressions: {},
    };
    await this.page.evaluate((message) => kernel.send(message), request);
    return id;
  }

  /** Resolves when a cell has ended. */
  async end(id: string): Promise<Ran> {
    const handle = await this.page.waitForFunction((id) => {
      const done = kernel.told.find((each) => each.type === "done" && each.id === id);
      return (
        done && { done, said: kernel.told.filter((each) => "cell" in each && each.cell === id) }
      );
    }, id);
    const { done, said } = (await handle.jsonValue()) as {
      done: Extract<ToPage, { type: "done" }>;
      said: ToPage[];
    };
    return { outcome: done.outcome, said };
  }

  async run(code: string): Promise<Ran> {
    return await this.end(await this.begin(code));
  }

  /** Resolves when a running cell has said something that holds. */
  async hears(id: string, type: ToPage["type"]): Promise<void> {
    await this.page.waitForFunction(
      ([id, type]) =>
        kernel.told.some((each) => each.type === type && "cell" in each && each.cell === id),
      [id, type],
    );
  }

  /** Stops what runs, as the button does. */
  async stop(): Promise<void> {
    await this.page.evaluate(() => {
      kernel.raiseStop();
      kernel.send({ type: "interrupt", round: 1 });
    });
  }

  /** Answers the question that came last. */
  async answer(text: string): Promise<void> {
    await this.page.evaluate((text) => kernel.answer(text), text);
  }

  /** @param code the cursor stands at its end */
  async ask(kind: "complete_request" | "inspect_request", code: string): Promise<object> {
    const id = `question ${++this.count}`;
    const content = { code, cursor_pos: code.length };
    await this.page.evaluate((message) => kernel.send(message), { type: "ask", id, kind, content });
    const handle = await this.page.waitForFunction((id) => {
      const reply = kernel.told.find((each) => each.type === "reply" && each.id === id);
      return reply?.type === "reply" && reply.content;
    }, id);
    return (await handle.jsonValue()) as object;
  }
}

/** The text of an outcome that is an error. */
export function failureOf({ outcome }: Ran): string {
  return outcome.status === "error"
    ? outcome.error.traceback.join("\n")
    : `it is ${outcome.status}`;
}

/** What a cell wrote to its standard streams. */
export function textOf({ said }: Ran): string {
  return said.map((each) => (each.type === "stream" ? each.text : "")).join("");
}
