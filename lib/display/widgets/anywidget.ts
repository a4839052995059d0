import { requireOptions } from "../../options";
import { requireListener } from "./control";
import { Listeners, ShownWidget } from "./shownWidget";

export interface AnywidgetOptions<State extends object> {
  /**
   * An ES module that draws it: `export default { render({ model, el }) {...} }`. In it,
   * `model.get("count")`, `model.set("count", 1)`, `model.save_changes()`, `model.on("change:count",
   * ...)` and `model.send(...)` reach this end: https://anywidget.dev/en/afm/
   */
  esm: string;
  /** A style sheet. Default: none. */
  css?: string;
  /** What both ends share, by name: JSON, and bytes as a Uint8Array. */
  state: State;
  /** What stands in its place where it cannot be drawn. Default: the names and values of the state. */
  text?: (state: Readonly<State>) => string;
}

/** A widget of one's own. */
export interface Anywidget<State extends object> {
  /** What both ends share, as it is now. */
  readonly state: Readonly<State>;
  /** Changes some of it, on the page too. */
  set(changes: Partial<State>): void;
  /**
   * Calls a function with the whole state after each change, whoever has made it: between two steps
   * of a training that runs, and at once while no cell does.
   *
   * @returns a function that ends that
   */
  onChange(listener: (state: Readonly<State>) => void): () => void;
  /** Sends something that is no change of state; on the page `model.on("msg:custom", ...)` hears it. */
  send(content: unknown, buffers?: Uint8Array[]): void;
  /**
   * Calls a function with what the page sends by `model.send(...)`.
   *
   * @returns a function that ends that
   */
  onMessage(listener: (content: unknown, buffers: Uint8Array[]) => void): () => void;
  /** Writes the present state into what the notebook keeps of the widget as text. */
  keep(): void;
  /** Takes it from the page. */
  close(): void;
}

/**
 * A widget of one's own, drawn in the page by a module in JavaScript and shown below the cell. What
 * front ends know of it comes from the package anywidget, which set-up installs.
 *
 * @throws OptionError for a module or a style sheet that is no text, and a state that is no object
 *
 * @example
 * const counter = anywidget({
 *   esm: `export default { render({ model, el }) {
 *     const button = document.createElement("button");
 *     const show = () => { button.textContent = model.get("count"); };
 *     button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
 *     model.on("change:count", show);
 *     show();
 *     el.append(button);
 *   } };`,
 *   state: { count: 0 },
 * });
 * counter.onChange(({ count }) => console.log(count));
 */
export function anywidget<State extends object>(
  options: AnywidgetOptions<State>,
): Anywidget<State> {
  const { esm, css = "", state, text = plainText } = options;
  const isText = (value: unknown) => typeof value === "string";
  requireOptions({ esm }, isText, "the text of a module", {
    remedy: ': `export default { render({ model, el }) { el.textContent = model.get("count"); } }`',
  });
  requireOptions({ css }, isText, "the text of a style sheet");
  const isObject = (value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  requireOptions({ state }, isObject, "an object with what both ends share", {
    remedy: ": { count: 0 }",
  });
  return new ShownAnywidget({ esm, css, text, state });
}

let count = 0;

class ShownAnywidget<State extends object> extends ShownWidget implements Anywidget<State> {
  private current: State;
  private readonly text: (state: Readonly<State>) => string;
  private readonly changes = new Listeners<[Readonly<State>]>();
  private readonly messages = new Listeners<[unknown, Uint8Array[]]>();

  constructor({ esm, css, text, state }: Required<AnywidgetOptions<State>>) {
    super(
      { module: "anywidget", version: "~0.11.*", name: "Any" },
      { _esm: esm, _css: css, _anywidget_id: `karenina.${count++}`, ...state },
      {
        changed: (changes) => {
          this.take(changes as Partial<State>);
          return undefined;
        },
        said: (content, buffers) => this.messages.tell(content, buffers),
      },
    );
    this.text = text;
    this.current = { ...state };
    this.keep();
  }

  get state(): Readonly<State> {
    return this.current;
  }

  set(changes: Partial<State>): void {
    this.model?.set({ ...changes });
    this.take(changes);
  }

  onChange(listener: (state: Readonly<State>) => void): () => void {
    requireListener(listener);
    return this.changes.add(listener);
  }

  send(content: unknown, buffers: Uint8Array[] = []): void {
    this.model?.say(content, buffers);
  }

  onMessage(listener: (content: unknown, buffers: Uint8Array[]) => void): () => void {
    requireListener(listener);
    return this.messages.add(listener);
  }

  toString(): string {
    return this.text(this.current);
  }

  private take(changes: Partial<State>): void {
    this.current = { ...this.current, ...changes };
    this.changes.tell(this.current);
  }
}

function plainText(state: object): string {
  return Object.entries(state)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
