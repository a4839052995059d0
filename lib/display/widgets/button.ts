import { requireListener, requireName } from "./control";
import { Listeners, ShownWidget } from "./shownWidget";

/** Something to click on while cells run. */
export interface Button {
  readonly name: string;
  /** How often it was clicked. */
  readonly clicks: number;
  /**
   * Waits for the next click. Where nobody could click (a terminal, stock tslab, a program that runs
   * the notebook) it does not wait, so that the notebook goes on.
   */
  click(): Promise<void>;
  /**
   * Calls a function at each click: between two steps of a training that runs, and at once while no
   * cell does.
   *
   * @returns a function that ends that
   */
  onClick(listener: () => void): () => void;
  /** Writes into what the notebook keeps of the button as text how often it was clicked. */
  keep(): void;
  /** Takes it from the page. */
  close(): void;
}

/**
 * A button, shown below the cell.
 *
 * @throws OptionError for a name that is no text
 *
 * @example
 * const enough = button("That will do");
 * await train(model, batches, { epochs: 1000, stopWhen: enough });
 */
export function button(name: string): Button {
  return new ShownButton(name);
}

class ShownButton extends ShownWidget implements Button {
  clicks = 0;
  private readonly listeners = new Listeners<[]>();

  constructor(readonly name: string) {
    requireName(name);
    super(
      {
        module: "@jupyter-widgets/controls",
        version: "2.0.0",
        name: "Button",
        style: { name: "ButtonStyle" },
      },
      { description: name },
      { changed: () => undefined, said: (content) => this.hear(content) },
    );
    this.keep();
  }

  click(): Promise<void> {
    if (!this.model) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const forget = this.onClick(() => {
        forget();
        resolve();
      });
    });
  }

  onClick(listener: () => void): () => void {
    requireListener(listener);
    return this.listeners.add(listener);
  }

  toString(): string {
    const times = this.clicks === 1 ? "once" : `${this.clicks} times`;
    return `${this.name}: ${this.clicks === 0 ? "not clicked" : `clicked ${times}`}`;
  }

  private hear(content: unknown): void {
    if ((content as { event?: unknown } | null)?.event === "click") {
      this.clicks++;
      this.listeners.tell();
    }
  }
}
