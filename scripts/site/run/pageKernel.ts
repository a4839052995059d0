import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Outcome } from "../../../kernel/channel";
import {
  DisplayRegistry,
  KernelError,
  type Message,
  type MessageListener,
} from "../../../runner/client";
import type { CellOptions, CellOutcome, NotebookKernel } from "../../../runner/kernels";
import type { RunnerPage, Told } from "./page";

declare const kareninaPage: RunnerPage;

interface PageKernelOptions {
  /** A page of the site. */
  address: string;
  /** The worker's script, seen from there. */
  worker: string;
  /** What page.ts became. */
  script: string;
  environment: Record<string, string>;
}

/** A cell on its way. */
interface Running {
  options: CellOptions;
  end(outcome: Outcome): void;
  fail(error: KernelError): void;
}

/** Stragglers of a cell are waited for so long, in milliseconds, as by the client. */
const DRAIN_MS = 20;

/** A kernel in the worker of a page. */
export class PageKernel implements NotebookKernel {
  info: Record<string, unknown> = {};
  readonly displays = new DisplayRegistry();
  private readonly running = new Map<string, Running>();
  private readonly areas = new Map<string, CellOptions["area"]>();
  private readonly listeners = new Set<MessageListener>();
  private count = 0;
  private begin: (failure?: KernelError) => void = () => {};
  private failure: KernelError | undefined;

  private constructor(private readonly page: Page) {
    page.on("crash", () => this.fail(new KernelError("died", "The browser ended the page.")));
    page.on("close", () => this.fail(new KernelError("closed", "The page was closed.")));
  }

  /** @throws KernelError of kind `start` with the worker's reason */
  static async start(page: Page, options: PageKernelOptions): Promise<PageKernel> {
    const { address, worker, script, environment } = options;
    const kernel = new PageKernel(page);
    const begun = new Promise<void>((resolve, reject) => {
      kernel.begin = (failure) => (failure ? reject(failure) : resolve());
    });
    begun.catch(() => {});
    try {
      await page.exposeFunction("karenina_tell", (json: string) => kernel.take(JSON.parse(json)));
      await page.goto(address);
      await page.evaluate(script);
      await page.evaluate(([worker, environment]) => kareninaPage.start(worker, environment), [
        worker,
        environment,
      ] as const);
      await begun;
      return kernel;
    } catch (error) {
      await kernel.kill();
      const text = `The kernel in the page did not start: ${(error as Error).message}`;
      throw new KernelError("start", text);
    }
  }

  private take(told: Told): void {
    switch (told.type) {
      case "begun":
        this.info = {
          language_info: {
            name: "typescript",
            version: told.languageVersion,
            mimetype: "text/typescript",
            file_extension: ".ts",
          },
        };
        this.begin();
        break;
      case "broken":
        this.begin(new KernelError("start", told.reason));
        break;
      case "stream":
        this.show(told.cell, "stream", { name: told.name, text: told.text });
        break;
      case "publish":
        this.show(told.cell, told.kind, told.content);
        break;
      case "end": {
        const running = this.running.get(told.id);
        if (running) {
          running.end(told.outcome);
        } else {
          // One that took too long, and was stopped.
          this.finish(told.id, told.outcome);
        }
        break;
      }
    }
  }

  private show(cell: string | undefined, type: string, content: object): void {
    const message = messageOf(type, content);
    this.areas.get(cell ?? `${this.count}`)?.add(message);
    this.tell(message);
  }

  private tell(message: Message): void {
    for (const listener of this.listeners) {
      listener("iopub", message);
    }
  }

  async execute(code: string, options: CellOptions): Promise<CellOutcome> {
    if (this.failure) {
      throw this.failure;
    }
    const count = ++this.count;
    const id = `${count}`;
    this.areas.set(id, options.area);
    this.show(id, "execute_input", { code, execution_count: count });
    let limit: NodeJS.Timeout | undefined;
    const outcome = await new Promise<Outcome>((end, fail) => {
      this.running.set(id, { options, end, fail });
      if (Number.isFinite(options.timeoutMs)) {
        const text = `The code ran longer than ${options.timeoutMs / 1000} s.`;
        limit = setTimeout(() => fail(new KernelError("timeout", text)), options.timeoutMs);
      }
      this.page
        .evaluate(([id, code, count]) => kareninaPage.execute(id, code, count), [
          id,
          code,
          count,
        ] as const)
        .catch((error: Error) => fail(new KernelError("closed", error.message)));
    }).finally(() => {
      clearTimeout(limit);
      this.running.delete(id);
    });
    await sleep(options.drainMs ?? DRAIN_MS);
    this.finish(id, outcome);
    const reply = messageOf("execute_reply", {
      status: outcome.status,
      execution_count: count,
      ...(outcome.status === "error" && outcome.error),
    });
    return { status: outcome.status, outputs: options.area.outputs, reply };
  }

  private finish(id: string, outcome: Outcome): void {
    if (outcome.status === "error") {
      this.show(id, "error", outcome.error);
    } else if (outcome.result) {
      this.show(id, "execute_result", { execution_count: Number(id), ...outcome.result });
    }
    this.tell(messageOf("status", { execution_state: "idle" }));
  }

  listen(listener: MessageListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async interrupt(): Promise<void> {
    await this.page.evaluate(() => kareninaPage.interrupt());
  }

  async shutdown(): Promise<void> {
    await this.kill();
  }

  async kill(): Promise<void> {
    this.fail(new KernelError("closed", "The kernel was shut down."));
    await this.page.context().close();
  }

  private fail(error: KernelError): void {
    this.failure ??= error;
    this.begin(this.failure);
    for (const { fail } of this.running.values()) {
      fail(this.failure);
    }
  }
}

function messageOf(type: string, content: object): Message {
  const header = {
    msg_id: "",
    msg_type: type,
    session: "",
    username: "",
    date: new Date().toISOString(),
    version: "5.4",
  };
  return {
    header,
    parent_header: {},
    metadata: {},
    content: content as Record<string, unknown>,
    buffers: [],
  };
}
