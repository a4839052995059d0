import { requireNames } from "../optionNames";
import { arrow, box, circle, type Drawing, drawing, text, titleHeight } from "./drawing";
import { FigureError, palette } from "./figure";
import { requireCount } from "./numbers";

export interface UnfoldedRnnOptions {
  /** Default "A recurrent network, unfolded over <T> steps". */
  title?: string;
  /** T, how many time steps are drawn. Default 4, or as many as there are labels. */
  steps?: number;
  /**
   * What goes in at each step, T labels. Default x_1, x_2, ... An underscore sets an index. Where a label
   * is "", nothing goes in; [] for none at all: a system that runs by itself.
   */
  inputs?: readonly string[];
  /** The states, T labels. Default h_1, h_2, ... */
  states?: readonly string[];
  /** What comes out, T labels. Default y_1, y_2, ...; "" where nothing does, [] for none at all. */
  outputs?: readonly string[];
  /** The state before the first step. Default h_0. */
  initialState?: string;
  /** Names of the shared weights: into the state, from state to state, out of it. Default U, W, V. */
  weights?: { input?: string; recurrent?: string; output?: string };
  /** Also draws the network with its loop, left of the unfolded one. Default true. */
  folded?: boolean;
  /**
   * What ought to come out, T labels: drawn above the outputs, with the loss L_t between the two
   * (figure 10.3 of the book). Outputs are then o_t unless they are given. "" where there is no loss.
   */
  targets?: readonly string[];
  /** How many recurrent layers lie one above the other, 1 to 3. Default 1. */
  layers?: number;
  /**
   * How many steps of the way back are drawn, 0 to T: backpropagation through time after so many turns
   * of its loop, with the gradients δ as arrows against the direction of reading. Default 0.
   */
  backward?: number;
}

/** From one step to the next, and from one row to the next. */
const [across, down] = [120, 92];
const radius = 24;
const halfBox = 18;
/** From an output to its loss, and from there to the target. */
const downToLoss = 58;

/**
 * A recurrent network unfolded in time: at each step the state h_t is computed from the input x_t
 * (weights U) and from the state before (weights W), and gives the output y_t (weights V). The weights
 * are the same at all steps (Goodfellow, Bengio and Courville 2016, figure 10.3).
 *
 * @throws FigureError for fewer than one or more than 12 steps, labels that are not T, layers that are
 *   not 1 to 3, or more steps back than forward
 *
 * @example
 * show(unfoldedRnnFigure({ inputs: ["h", "e", "l", "l"], outputs: ["e", "l", "l", "o"] }));
 */
export function unfoldedRnnFigure(options: UnfoldedRnnOptions = {}): Drawing {
  requireNames<UnfoldedRnnOptions>(
    "unfoldedRnnFigure",
    options,
    {
      title: true,
      steps: true,
      inputs: true,
      states: true,
      outputs: true,
      initialState: true,
      weights: true,
      folded: true,
      targets: true,
      layers: true,
      backward: true,
    },
    { Thrown: FigureError },
  );
  const { folded = true, initialState = "h_0", layers = 1, backward = 0 } = options;
  const given = [options.inputs, options.states, options.outputs, options.targets].find(
    (list) => list?.length,
  );
  const { steps = given?.length ?? 4 } = options;
  requireCount("steps", steps);
  if (steps > 12) {
    throw new FigureError(`\`steps\` is ${steps}, but no more than 12 fit side by side.`);
  }
  requireCount("layers", layers);
  if (layers > 3) {
    throw new FigureError(`\`layers\` is ${layers}, but no more than 3 fit one above the other.`);
  }
  if (!(Number.isInteger(backward) && backward >= 0 && backward <= steps)) {
    throw new FigureError(
      `\`backward\` is ${backward}: give a whole number of steps, 0 to ${steps}.`,
    );
  }
  const none = new Array<string>(steps).fill("");
  const orNone = (given?: readonly string[]) => (given?.length === 0 ? none : given);
  const inputs = labels("inputs", orNone(options.inputs), steps, "x");
  const states = labels("states", options.states, steps, "h");
  const targets = options.targets ? labels("targets", orNone(options.targets), steps, "y") : none;
  const hasLosses = targets.some((label) => label);
  const outputs = labels("outputs", orNone(options.outputs), steps, hasLosses ? "o" : "y");
  const { input: U = "U", recurrent: W = "W", output: V = "V" } = options.weights ?? {};
  const title = options.title ?? `A recurrent network, unfolded over ${steps} steps`;

  const [hasInputs, hasOutputs] = [inputs, outputs].map((each) => each.some((label) => label));
  const above = hasLosses ? 2 * downToLoss : 0;
  const yOut = titleHeight + radius + 4 + above;
  const yTop = hasOutputs ? yOut + down : yOut;
  const rows = Array.from({ length: layers }, (_, k) => yTop + (layers - 1 - k) * down);
  const [yState] = rows;
  const yIn = yState + down;
  const content: string[] = [];
  const column = (x: number, names: Column) => {
    for (const [k, y] of rows.entries()) {
      content.push(
        circle({ x, y, radius }, { fill: "rgba(0,114,178,0.2)", stroke: palette[0] }),
        text({ x, y: y + 5, value: inLayer(names.state, k) }),
      );
      if (k > 0) {
        content.push(...connection(x, { from: rows[k - 1] - radius, to: y + radius, weights: "" }));
      }
    }
    if (names.input) {
      const way = { from: yIn - halfBox, to: yState + radius, weights: U };
      content.push(...connection(x, way), ...boxAt(x, yIn, names.input));
    }
    if (names.output) {
      const way = { from: yTop - radius, to: yOut + halfBox, weights: V };
      content.push(...connection(x, way), ...boxAt(x, yOut, names.output));
    }
    if (names.target) {
      content.push(...lossAbove(x, yOut, { loss: names.loss, target: names.target }));
    }
  };

  let left = radius + 16;
  if (folded) {
    column(left, {
      input: hasInputs ? "x_t" : "",
      state: states[0].replace(/_\w+$/, "_t"),
      output: hasOutputs ? (hasLosses ? "o_t" : "y_t") : "",
      loss: "L_t",
      target: hasLosses ? "y_t" : "",
    });
    const turn = left + radius + 34;
    for (const [k, y] of rows.entries()) {
      const value = inLayer(W, k);
      content.push(...loop(left, y));
      content.push(text({ x: turn + 14, y: y + 5, value, italic: true, color: palette[1] }));
    }
    content.push(text({ x: turn + 46, y: yState + 7, value: "=", size: 22 }));
    left += 170;
  }
  rows.forEach((y, k) => {
    content.push(text({ x: left, y: y + 5, value: inLayer(initialState, k) }));
  });
  states.forEach((state, t) => {
    const x = left + (t + 1) * across - 30;
    const start = t === 0 ? left + 18 : x - across + radius;
    for (const [k, y] of rows.entries()) {
      const middle = { x: (start + x - radius) / 2, y: y - 8 };
      content.push(
        arrow([
          { x: start, y },
          { x: x - radius, y },
        ]),
        text({ ...middle, value: inLayer(W, k), italic: true, color: palette[1] }),
      );
    }
    const label = { input: inputs[t], state, output: outputs[t], target: targets[t] };
    column(x, { ...label, loss: `L_${t + 1}` });
    if (t >= steps - backward) {
      const down = hasOutputs && outputs[t] ? yOut + halfBox : undefined;
      content.push(...wayBack({ x, rows, from: down, to: start, isFirst: t === 0 }));
    }
  });
  const plain = (label: string) => label.replace("_", "");
  const each = states.map((state, t) => {
    const from = [inputs[t], t === 0 ? initialState : states[t - 1]].filter((label) => label);
    return (
      `step ${t + 1}: ${from.map(plain).join(" and ")} ${from.length > 1 ? "give" : "gives"} ` +
      `${plain(state)}${outputs[t] ? `, which gives ${plain(outputs[t])}` : ""}` +
      `${targets[t] ? `, compared with ${plain(targets[t])} by the loss L${t + 1}` : ""}`
    );
  });
  const ways = [
    ...(hasInputs ? [`${U} lead from input to state`] : []),
    `${W} ${hasInputs ? "" : "lead "}from state to state`,
    ...(hasOutputs ? [`${V} from state to output`] : []),
  ];
  const stacked = layers > 1 ? ` ${layers} recurrent layers, each reading the one below.` : "";
  const back =
    backward > 0 ? ` Gradients have gone back through ${backward} of ${steps} steps.` : "";
  return drawing({
    title,
    summary: `${title}. Weights ${ways.join(", ")}, the same at all steps. ${each.join("; ")}.${stacked}${back}`,
    width: left + states.length * across + 12,
    height: (hasInputs ? yIn : yState) + radius + 12,
    content,
  });
}

/** The labels of one step. */
interface Column {
  input?: string;
  state: string;
  output?: string;
  loss: string;
  target?: string;
}

/** The state's label in the layer k: h_2, h′_2, h″_2. */
function inLayer(label: string, k: number): string {
  return label.replace(/^(.*?)(_\w+)?$/, `$1${["", "′", "″"][k]}$2`);
}

/** From a state round to itself, with a square that stands for a step's delay. */
function loop(x: number, y: number): string[] {
  const centre = { x: x + radius + 10, y };
  const size = 22;
  const angles = Array.from({ length: 25 }, (_, i) => -2.3 + (i * 4.6) / 24);
  const points = angles.map((angle) => ({
    x: centre.x + size * Math.cos(angle),
    y: centre.y + size * Math.sin(angle),
  }));
  const delay = { x: centre.x + size - 5, y: y - 5, width: 10, height: 10 };
  return [arrow(points), box(delay, { fill: "#767676", radius: 1 })];
}

/** The loss above an output, and the target above the loss. */
function lossAbove(x: number, yOut: number, names: { loss: string; target: string }): string[] {
  const [yLoss, yTarget] = [yOut - downToLoss, yOut - 2 * downToLoss];
  return [
    ...connection(x, { from: yOut - halfBox, to: yLoss + halfBox, weights: "" }),
    circle({ x, y: yLoss, radius: halfBox }),
    text({ x, y: yLoss + 5, value: names.loss }),
    arrow([
      { x, y: yTarget + halfBox },
      { x, y: yLoss - halfBox },
    ]),
    ...boxAt(x, yTarget, names.target),
  ];
}

/** The gradients of one step: from its output down through the layers, and from its states to those before. */
function wayBack(place: {
  x: number;
  rows: readonly number[];
  /** The lower edge of the output; undefined where there is none. */
  from?: number;
  /** Where the arrow from the state before began. */
  to: number;
  /** Whether nothing lies before this step. */
  isFirst: boolean;
}): string[] {
  const { x, rows, from, to, isFirst } = place;
  const look = { color: palette[3], width: 3 };
  const delta = (x: number, y: number) =>
    text({ x, y, value: "δ", bold: true, color: palette[3], size: 15 });
  const parts: string[] = [];
  const downwards = (y: number, end: number) => {
    parts.push(
      arrow(
        [
          { x: x - 9, y },
          { x: x - 9, y: end },
        ],
        look,
      ),
      delta(x - 21, (y + end) / 2 + 5),
    );
  };
  const top = rows[rows.length - 1];
  if (from !== undefined) {
    downwards(from, top - radius + 2);
  }
  for (let k = rows.length - 1; k > 0; k--) {
    downwards(rows[k] + radius - 2, rows[k - 1] - radius + 2);
  }
  for (const y of isFirst ? [] : rows) {
    parts.push(
      arrow(
        [
          { x: x - radius + 2, y: y + 10 },
          { x: to - 2, y: y + 10 },
        ],
        look,
      ),
      delta((x - radius + to) / 2, y + 27),
    );
  }
  return parts;
}

/** The arrow from one row to the next above it, with the name of its weights. */
function connection(x: number, way: { from: number; to: number; weights: string }): string[] {
  const { from, to, weights: value } = way;
  return [
    arrow([
      { x, y: from },
      { x, y: to },
    ]),
    text({ x: x + 12, y: (from + to) / 2 + 5, value, italic: true, color: palette[1] }),
  ];
}

function boxAt(x: number, y: number, label: string): string[] {
  return [
    box({ x: x - radius, y: y - halfBox, width: 2 * radius, height: 2 * halfBox }),
    text({ x, y: y + 5, value: label }),
  ];
}

function labels(
  option: string,
  given: readonly string[] | undefined,
  steps: number,
  letter: string,
): readonly string[] {
  if (given === undefined) {
    return Array.from({ length: steps }, (_, t) => `${letter}_${t + 1}`);
  }
  if (given.length === steps) {
    return given;
  }
  throw new FigureError(
    `There are ${given.length} labels in \`${option}\`, but ${steps} steps. Pass one a step.`,
  );
}
