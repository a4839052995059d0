import type { Kernel, Message } from "../../runner/client";
import { median } from "../training/contest";

/** How far behind a control's move is what follows it, in milliseconds; medians of 30 moves. */
export interface ControlFigures {
  /** A step of a training whose rate it is. */
  rateMs: number;
  /** A figure that `interact` draws again. */
  figureMs: number;
}

const MOVES = 30;
const LIMIT = { timeoutMs: 60_000 };

const CONTROLS = [
  'import { button, charRnn, interact, lineFigure, sequenceBatches } from "karenina";',
  'import { slider, train, Vocabulary } from "karenina";',
  'const tale = "all happy families are alike. ".repeat(4);',
  "const vocabulary = Vocabulary.of(tale);",
  "const encoded = vocabulary.encode(tale);",
  'const rate = slider("learning rate", { min: 0, max: 1, value: 0.5 });',
  'const enough = button("That will do");',
].join("\n");

const TRAINING = [
  'const news = display({ "text/plain": "" });',
  "let told = 0;",
  "await train(",
  "  charRnn({ vocabularySize: vocabulary.size, batchSize: 2, hiddenSize: 8 }),",
  "  () => sequenceBatches(encoded, { batchSize: 2, steps: 10 }),",
  "  { epochs: 1e7, learningRate: rate, stopWhen: enough, callbacks: [{ onStep({ learningRate }) {",
  '    if (learningRate !== told) { told = learningRate; news.update({ "text/plain": String(told) }); }',
  "  } }] },",
  ");",
].join("\n");

const FIGURE = [
  "const xs = Array.from({ length: 50 }, (_, i) => i / 10);",
  "interact(({ k }) => lineFigure(xs, { line: xs.map((x) => k * x) }), {",
  '  k: slider("k", { min: 0, max: 1, value: 0.5 }),',
  "});",
].join("\n");

/** Moves sliders as a page does, in a kernel that knows the library, while a network trains and after. */
export async function measureControls(kernel: Kernel): Promise<ControlFigures> {
  const page = new Page(kernel);
  try {
    await page.run(CONTROLS);
    const rate = page.opened("FloatSliderModel");
    const enough = page.opened("ButtonModel");
    const training = page.run(TRAINING);
    await page.updated((text) => text === "0.5");
    const rateMs = await moves(page, rate, (text, value) => text === `${value}`);
    page.say(enough, { method: "custom", content: { event: "click" } });
    await training;
    await page.run(FIGURE);
    const figureMs = await moves(page, page.opened("FloatSliderModel"), () => true);
    return { rateMs, figureMs };
  } finally {
    page.close();
  }
}

async function moves(
  page: Page,
  slider: string,
  shows: (text: unknown, value: number) => boolean,
): Promise<number> {
  const times: number[] = [];
  for (let i = 1; i <= MOVES; i++) {
    const value = i / (MOVES + 1);
    const updated = page.updated((text) => shows(text, value));
    const began = performance.now();
    page.say(slider, { method: "update", state: { value }, buffer_paths: [] });
    await updated;
    times.push(performance.now() - began);
  }
  return median(times);
}

/** What a page would do: it opens widgets that it hears of, and says how they are moved. */
class Page {
  private readonly widgets = new Map<string, string>();
  private readonly waiting = new Set<(text: unknown) => void>();
  private readonly stop: () => void;

  constructor(private readonly kernel: Kernel) {
    this.stop = kernel.listen((channel, message) => {
      if (channel === "iopub") {
        this.hear(message);
      }
    });
  }

  close(): void {
    this.stop();
  }

  async run(code: string): Promise<void> {
    const { status, outputs } = await this.kernel.execute(code, { ...LIMIT, onStdin: () => "" });
    if (status !== "ok") {
      throw new Error(`${code}\nfailed: ${JSON.stringify(outputs)}`);
    }
  }

  /** The comm of the widget of that kind that was opened last. */
  opened(model: string): string {
    const comm = this.widgets.get(model);
    if (comm === undefined) {
      throw new Error(`The kernel opened no ${model}.`);
    }
    return comm;
  }

  say(comm: string, data: object): void {
    // Nobody answers it: what follows is seen in what is shown.
    this.kernel.request("comm_msg", { comm_id: comm, data }, LIMIT).catch(() => {});
  }

  /** Resolves when something that is shown is updated to a plain text that suits. */
  updated(suits: (text: unknown) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Nothing followed within ${LIMIT.timeoutMs} ms.`)),
        LIMIT.timeoutMs,
      );
      const look = (text: unknown) => {
        if (suits(text)) {
          clearTimeout(timer);
          this.waiting.delete(look);
          resolve();
        }
      };
      this.waiting.add(look);
    });
  }

  private hear({ header, content }: Message): void {
    if (header.msg_type === "comm_open") {
      const { state } = content.data as { state: Record<string, unknown> };
      this.widgets.set(String(state._model_name), String(content.comm_id));
    } else if (header.msg_type === "update_display_data") {
      const text = (content.data as Record<string, unknown>)["text/plain"];
      for (const look of [...this.waiting]) {
        look(text);
      }
    }
  }
}
