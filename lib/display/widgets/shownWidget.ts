import { host, type MimeBundle } from "../../host/host";
import { display, runningCell } from "../display";
import type { WidgetState } from "./binaryState";
import { type WidgetClass, type WidgetListener, WidgetModel } from "./widgetModel";

let count = 0;

/** A widget with its place on the page: below the cell that makes it, and a text where it cannot be drawn. */
export abstract class ShownWidget {
  protected readonly model: WidgetModel | undefined;
  // Unlike in any other process: a page may show outputs of a kernel that has ended.
  private readonly id = `karenina-widget-${host.process.id}-${count++}`;
  private readonly madeIn = runningCell()?.signal;
  private kept: string | undefined;

  constructor(widgetClass: WidgetClass, state: WidgetState, listener: WidgetListener) {
    this.model = WidgetModel.open(widgetClass, state, listener);
  }

  /** One line: its name and value. */
  abstract toString(): string;

  /** Writes the present value into what the notebook keeps of it as text. */
  keep(): void {
    const text = String(this);
    if (this.kept !== text) {
      display(this.bundle, { id: this.id, update: this.kept !== undefined });
      this.kept = text;
    }
  }

  /** Takes it from the page, where a line of text remains. */
  close(): void {
    this.model?.close();
    this.kept = String(this);
    display(this.bundle, { id: this.id, update: true });
  }

  /** What notebooks show of it: nothing in the cell that made it, where it stands already. */
  [Symbol.for("Jupyter.display")](): MimeBundle | undefined {
    const { signal } = runningCell() ?? {};
    return signal !== undefined && signal === this.madeIn ? undefined : this.bundle;
  }

  private get bundle(): MimeBundle {
    return { ...this.model?.view, "text/plain": String(this) };
  }
}

/** Functions to call when something happens. */
export class Listeners<Told extends unknown[]> {
  private readonly all = new Set<(...told: Told) => void>();

  /** @returns a function that takes it out again; a cell that ends in it shows nothing */
  add(listener: (...told: Told) => void): () => void {
    this.all.add(listener);
    const forget = () => {
      this.all.delete(listener);
    };
    return Object.assign(forget, { [Symbol.for("Jupyter.display")]: () => undefined });
  }

  tell(...told: Told): void {
    for (const listener of [...this.all]) {
      listener(...told);
    }
  }
}
