import { requireOptions } from "../../options";
import type { WidgetState } from "./binaryState";
import { Listeners, ShownWidget } from "./shownWidget";
import type { WidgetClass } from "./widgetModel";

/** Something that a reader of the notebook sets while cells run. */
export interface Control<Value> {
  /** What stands beside it. */
  readonly name: string;
  /**
   * What it is set to. A value that is assigned moves it on the page.
   *
   * @throws OptionError for a value that it cannot have
   */
  value: Value;
  /**
   * Calls a function with each new value, whoever has set it: between two steps of a training that
   * runs, and at once while no cell does.
   *
   * @returns a function that ends that
   */
  onChange(listener: (value: Value) => void): () => void;
  /**
   * Writes the present value into what the notebook keeps of the control as text. `train` does so at
   * its end for those that it was given.
   */
  keep(): void;
  /** Takes it from the page; its value stays. */
  close(): void;
}

/** How a control is drawn, and how its value and the state of its widget go together. */
export interface ControlKind<Value> extends WidgetClass {
  /** The widget's state but for its value. */
  state: WidgetState;
  /** Under which name the widget keeps its value. */
  key: "value" | "index";
  toWidget(value: Value): unknown;
  /** The value that a widget's means; undefined where it means none. */
  fromWidget(value: unknown): Value | undefined;
  /** @throws OptionError for a value that it cannot have */
  check(value: Value): void;
  textOf(value: Value): string;
}

/** A widget with a value, shown where it is made. */
export class ShownControl<Value> extends ShownWidget implements Control<Value> {
  private readonly listeners = new Listeners<[Value]>();
  private current: Value;

  /** @throws OptionError for a name or a value that it cannot have */
  constructor(
    readonly name: string,
    private readonly kind: ControlKind<Value>,
    value: Value,
  ) {
    requireName(name);
    kind.check(value);
    super(
      kind,
      { description: name, ...kind.state, [kind.key]: kind.toWidget(value) },
      { changed: (changes) => this.takeOver(changes) },
    );
    this.current = value;
    this.keep();
  }

  get value(): Value {
    return this.current;
  }

  set value(value: Value) {
    this.kind.check(value);
    if (value !== this.current) {
      this.current = value;
      this.model?.set(this.asState());
      this.listeners.tell(value);
    }
  }

  onChange(listener: (value: Value) => void): () => void {
    requireListener(listener);
    return this.listeners.add(listener);
  }

  toString(): string {
    return `${this.name}: ${this.kind.textOf(this.current)}`;
  }

  /** What a page sends is checked as what code assigns is: it may be another program's. */
  private takeOver(changes: Readonly<WidgetState>): WidgetState | undefined {
    const { kind, current } = this;
    if (!(kind.key in changes)) {
      return undefined;
    }
    const value = kind.fromWidget(changes[kind.key]);
    if (value === undefined || !this.fits(value)) {
      return this.asState();
    }
    if (value !== current) {
      this.current = value;
      this.listeners.tell(value);
    }
    return undefined;
  }

  private fits(value: Value): boolean {
    try {
      this.kind.check(value);
      return true;
    } catch {
      return false;
    }
  }

  private asState(): WidgetState {
    const { key, toWidget } = this.kind;
    return { [key]: toWidget(this.current) };
  }
}

/** @throws OptionError for what cannot stand beside a control */
export function requireName(name: unknown): void {
  const fits = (value: unknown) => typeof value === "string" && value !== "";
  requireOptions({ "A control's name": name }, fits, "a text that is not empty", {
    remedy: ': slider("learning rate", { min: 0.001, max: 1 })',
  });
}

/** @throws OptionError for what cannot be called */
export function requireListener(listener: unknown): void {
  const fits = (value: unknown) => typeof value === "function";
  requireOptions({ listener }, fits, "a function");
}

/** Can something be asked for a value, and does it say when it has a new one? */
export function isControl(given: unknown): given is Control<unknown> {
  const { onChange } = (given ?? {}) as Partial<Control<unknown>>;
  return typeof onChange === "function" && "value" in (given as object);
}
