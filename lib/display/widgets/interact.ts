import type { Drawing } from "../../figures/drawing";
import type { Figure } from "../../figures/figure";
import { host, type MimeBundle } from "../../host/host";
import { OptionError, requireOptions } from "../../options";
import { display, displayTarget } from "../display";
import { figureHtml, figureText } from "../figureHtml";
import { drawingBundle, figurePicture } from "../show";
import { type Control, isControl } from "./control";

/** What a function that follows controls may give: a figure, a MIME bundle, or a text or number. */
export type Interactive = Figure | Drawing | MimeBundle | string | number | boolean;

/** An output that follows its controls. */
export interface Interaction {
  /** Resolves when what is shown is what the controls say. */
  settled(): Promise<void>;
  /** Lets the output stay as it is. */
  stop(): void;
}

/** Stands below an output that follows controls which nobody can move. */
const FIXED = "Fixed: the controls cannot be moved here, so what is shown stays as it is.";

/** Milliseconds without a change after which the figure is put into the notebook as a picture, too. */
const REST = 1000;

/**
 * Shows what a function makes of controls, again after each change, in one output. Where changes come
 * faster than the function answers, it gets the newest and no others. Where nobody can move the controls
 * (a terminal, stock tslab, a program that runs the notebook), a line below the output says so.
 *
 * @param draw gets the controls' values by name; a promise is waited for
 * @param controls by name, each shown where it was made
 * @throws OptionError for no controls, and something among them that is none; whatever `draw` throws
 *   at first. What it throws later stands in the output.
 *
 * @example
 * interact(({ k }) => lineFigure(xs, { sine: xs.map((x) => Math.sin(k * x)) }), {
 *   k: slider("k", { min: 1, max: 10, value: 2 }),
 * });
 */
export function interact<Values extends object>(
  draw: (values: Values) => Interactive | Promise<Interactive>,
  controls: { readonly [Name in keyof Values]: Control<Values[Name]> },
): Interaction {
  requireOptions({ draw }, (value) => typeof value === "function", "a function of the values");
  const entries = Object.entries<Control<unknown>>(controls ?? {});
  if (entries.length === 0) {
    throw new OptionError(
      'interact has no controls to follow: give it some by name, { k: slider("k", { min: 0, max: 1 }) }.',
    );
  }
  const remedy = ', as slider("k", { min: 0, max: 1 }) makes one';
  requireOptions(controls, isControl, "a control", { remedy });
  const values = () =>
    Object.fromEntries(entries.map(([name, { value }]) => [name, value])) as Values;
  const output = new InteractiveOutput(() => draw(values()));
  const forgets = entries.map(([, control]) => control.onChange(() => output.change()));
  const interaction = output.start(() => {
    for (const forget of forgets) {
      forget();
    }
  });
  if (!displayTarget().openComm) {
    display({ "text/plain": FIXED });
  }
  return interaction;
}

let count = 0;

/** One output, drawn again whenever something has changed. */
class InteractiveOutput {
  private readonly id = `karenina-interact-${host.process.id}-${count++}`;
  private shown = false;
  private isStale = false;
  private drawing: Promise<void> | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly draw: () => Interactive | Promise<Interactive>) {}

  start(release: () => void): Interaction {
    const first = this.draw();
    if (first instanceof Promise) {
      this.drawing = this.follow(first);
    } else {
      this.show(first, { withPicture: true });
    }
    const interaction: Interaction = {
      settled: async () => {
        while (this.drawing) {
          await this.drawing;
        }
      },
      stop: release,
    };
    // It stands in the output of its cell already.
    return Object.assign(interaction, { [Symbol.for("Jupyter.display")]: () => undefined });
  }

  change(): void {
    this.isStale = true;
    clearTimeout(this.resting);
    this.drawing ??= this.follow();
  }

  /** Draws until nothing has changed meanwhile. A turn is left for changes that come together. */
  private async follow(first?: Promise<Interactive>): Promise<void> {
    try {
      let made = first && (await first);
      while (this.isStale) {
        await host.process.nextTurn();
        this.isStale = false;
        made = await this.draw();
        this.show(made, { withPicture: false });
      }
      if (made !== undefined) {
        this.keepPicture(made);
      }
    } catch (error) {
      this.put({ "text/plain": String(error) });
    } finally {
      this.drawing = undefined;
    }
  }

  /** A picture takes longer to draw than a hand that moves a slider would wait. */
  private keepPicture(made: Interactive): void {
    if (!this.shown) {
      this.show(made, { withPicture: true });
    } else if (isFigure(made)) {
      this.resting = setTimeout(() => this.show(made, { withPicture: true }), REST);
    }
  }

  private show(made: Interactive, { withPicture }: { withPicture: boolean }): void {
    this.put(bundleOf(made, this.id, withPicture));
  }

  private put(bundle: MimeBundle): void {
    display(bundle, { id: this.id, update: this.shown });
    this.shown = true;
  }
}

function isFigure(made: Interactive): made is Figure {
  return typeof made === "object" && "data" in made && "layout" in made;
}

function bundleOf(made: Interactive, id: string, withPicture: boolean): MimeBundle {
  if (isFigure(made)) {
    const text = figureText(made);
    if (displayTarget().kind === "terminal") {
      return { "text/plain": text };
    }
    const picture = withPicture ? figurePicture(made) : undefined;
    return { "text/html": figureHtml(made, { keepAs: id, picture }), "text/plain": text };
  }
  if (typeof made === "object" && made !== null) {
    return "svg" in made ? drawingBundle(made as Drawing) : made;
  }
  return { "text/plain": String(made) };
}
