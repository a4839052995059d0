import { formatNumber } from "../../figures/numberFormat";
import { given, OptionError, requireOneOf, requireOptions, requirePositive } from "../../options";
import type { WidgetState } from "./binaryState";
import { type Control, type ControlKind, ShownControl } from "./control";

/** The widgets that each Jupyter front end has: https://ipywidgets.readthedocs.io */
const CONTROLS = { module: "@jupyter-widgets/controls", version: "2.0.0" };

/** A long name is written out: the widget's own style would cut it off. */
const WHOLE_NAME = { description_width: "initial" };

export interface SliderOptions {
  min: number;
  max: number;
  /** Where it stands at first. Default: the middle, on a log scale the geometric mean. */
  value?: number;
  /**
   * From one value to the next; on a log scale in powers of ten, so that 0.5 is a factor of about 3.
   * Default: 1 where `min`, `max` and `value` are whole and a linear scale is at least 10 long, else a
   * hundredth of the way.
   */
  step?: number;
  /** "log" gives each power of ten the same room. Default "linear". */
  scale?: "linear" | "log";
}

/**
 * A slider for a number, shown below the cell. Where nobody could move it (a terminal, stock tslab, a
 * program that runs the notebook) it is its value and a line of text.
 *
 * @throws OptionError for a range, value or step that makes no slider
 *
 * @example
 * const rate = slider("learning rate", { min: 1e-4, max: 1, scale: "log", value: 0.01 });
 * await train(model, batches, { learningRate: rate });
 */
export function slider(name: string, options: SliderOptions): Control<number> {
  requireOptions({ "What slider takes beside its name": options }, isObject, "options", {
    remedy: ': slider("learning rate", { min: 0, max: 1 })',
  });
  const { min, max, scale = "linear" } = options;
  requireOptions({ min, max }, Number.isFinite, "a number");
  requireOneOf({ scale }, ["linear", "log"]);
  if (min >= max) {
    throw new OptionError(`min is ${min} and max ${max}, but min must be below max.`);
  }
  const isLog = scale === "log";
  if (isLog) {
    requirePositive({ min }, { remedy: ", for a log scale never comes to 0" });
  }
  const { value = isLog ? Math.sqrt(min * max) : (min + max) / 2, step } = options;
  requirePositive(given({ step }));
  const kind: ControlKind<number> = {
    ...CONTROLS,
    ...sliderLooks({ min, max, value, step, isLog }),
    style: { name: "SliderStyle", state: WHOLE_NAME },
    key: "value",
    toWidget: (number) => number,
    // The last place of a power of ten may lie beyond the end.
    fromWidget: (number) =>
      typeof number === "number" ? Math.min(max, Math.max(min, number)) : undefined,
    check: (number) =>
      requireOptions(
        { [String(name)]: number },
        (n: number) => Number.isFinite(n) && n >= min && n <= max,
        `a number from ${min} to ${max}`,
      ),
    textOf: formatNumber,
  };
  return new ShownControl(name, kind, value);
}

function sliderLooks({
  min,
  max,
  value,
  step,
  isLog,
}: {
  min: number;
  max: number;
  value: number;
  step: number | undefined;
  isLog: boolean;
}): {
  name: string;
  state: WidgetState;
} {
  if (isLog) {
    const [low, high] = [Math.log10(min), Math.log10(max)];
    const range = { base: 10, min: low, max: high, step: step ?? (high - low) / 100 };
    return { name: "FloatLogSlider", state: { ...range, readout_format: ".3g" } };
  }
  const isWhole = [min, max, value, step ?? 1].every(Number.isInteger);
  if (isWhole && (step !== undefined || max - min >= 10)) {
    return { name: "IntSlider", state: { min, max, step: step ?? 1 } };
  }
  const range = { min, max, step: step ?? (max - min) / 100 };
  return { name: "FloatSlider", state: { ...range, readout_format: ".4~g" } };
}

/** A value that a select may have by its own name. */
type Named = string | number | boolean;

/**
 * A list of which one is chosen.
 *
 * @param choices the values, or an object that gives each a name
 * @param options.value the one chosen at first. Default: the first
 * @throws OptionError for no choices, two of one name, or a value that is none of them
 *
 * @example
 * const cell = select("cell", ["lstm", "gru", "rnn"]);
 * const optimizer = select("optimizer", { Adam: adam(), "plain SGD": sgd({ learningRate: 0.1 }) });
 */
export function select<const Choice extends Named>(
  name: string,
  choices: readonly Choice[],
  options?: { value?: Choice },
): Control<Choice>;
export function select<Choice>(
  name: string,
  choices: Readonly<Record<string, Choice>>,
  options?: { value?: Choice },
): Control<Choice>;
export function select(
  name: string,
  choices: readonly Named[] | Readonly<Record<string, unknown>>,
  options: { value?: unknown } = {},
): Control<unknown> {
  requireOptions({ choices }, isObject, "a list of values, or an object that names them", {
    remedy: ': ["adam", "sgd"]',
  });
  const entries: [string, unknown][] = Array.isArray(choices)
    ? choices.map((choice) => [String(choice), choice])
    : Object.entries(choices);
  const labels = entries.map(([label]) => label);
  const values = entries.map(([, value]) => value);
  const twice = labels.find((label, place) => labels.indexOf(label) !== place);
  if (twice !== undefined || labels.length === 0) {
    throw new OptionError(
      twice === undefined
        ? `"${name}" has no choices: a select needs at least one.`
        : `"${name}" has the choice ${JSON.stringify(twice)} twice: nobody could tell them apart.`,
    );
  }
  const { value = values[0] } = options;
  const kind: ControlKind<unknown> = {
    ...CONTROLS,
    name: "Dropdown",
    style: { name: "DescriptionStyle", state: WHOLE_NAME },
    state: { _options_labels: labels },
    key: "index",
    toWidget: (chosen) => values.indexOf(chosen),
    fromWidget: (index) => (typeof index === "number" ? values[index] : undefined),
    check: (chosen) =>
      requireOptions(
        { [String(name)]: chosen },
        (one) => values.includes(one),
        `one of its choices, ${labels.join(", ")}`,
      ),
    textOf: (chosen) => labels[values.indexOf(chosen)] as string,
  };
  return new ShownControl(name, kind, value);
}

/**
 * A box that is checked or not.
 *
 * @param options.value whether it is at first. Default false
 *
 * @example
 * const dropout = toggle("dropout", { value: true });
 */
export function toggle(
  name: string,
  { value = false }: { value?: boolean } = {},
): Control<boolean> {
  const isBoolean = (given: unknown) => typeof given === "boolean";
  const kind: ControlKind<boolean> = {
    ...CONTROLS,
    name: "Checkbox",
    style: { name: "CheckboxStyle", state: WHOLE_NAME },
    state: { indent: false },
    key: "value",
    toWidget: (on) => on,
    fromWidget: (on) => (isBoolean(on) ? (on as boolean) : undefined),
    check: (on) => requireOptions({ [String(name)]: on }, isBoolean, "true or false"),
    textOf: (on) => (on ? "on" : "off"),
  };
  return new ShownControl(name, kind, value);
}

/**
 * A line to write in. It has a new value when Enter is pressed or the line is left.
 *
 * @param options.value what stands in it at first. Default ""
 * @param options.placeholder what is shown while it is empty. Default: nothing
 *
 * @example
 * const prime = text("begin with", { value: "Anna " });
 * prime.onChange(async (begin) => console.log(await sample(model, { vocabulary, prime: begin })));
 */
export function text(
  name: string,
  { value = "", placeholder = "" }: { value?: string; placeholder?: string } = {},
): Control<string> {
  const isText = (given: unknown) => typeof given === "string";
  requireOptions({ placeholder }, isText, "a text");
  const kind: ControlKind<string> = {
    ...CONTROLS,
    name: "Text",
    style: { name: "TextStyle", state: WHOLE_NAME },
    state: { placeholder, continuous_update: false },
    key: "value",
    toWidget: (line) => line,
    fromWidget: (line) => (isText(line) ? (line as string) : undefined),
    check: (line) => requireOptions({ [String(name)]: line }, isText, "a text"),
    textOf: (line) => JSON.stringify(line),
  };
  return new ShownControl(name, kind, value);
}

function isObject(given: unknown): boolean {
  return typeof given === "object" && given !== null;
}
