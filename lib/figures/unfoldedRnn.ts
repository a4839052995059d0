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
}

/** From one step to the next, and from one row to the next. */
const [across, down] = [120, 92];
const radius = 24;
const halfBox = 18;

/**
 * A recurrent network unfolded in time: at each step the state h_t is computed from the input x_t
 * (weights U) and from the state before (weights W), and gives the output y_t (weights V). The weights
 * are the same at all steps (Goodfellow, Bengio and Courville 2016, figure 10.3).
 *
 * @throws FigureError for fewer than one or more than 12 steps, or labels that are not T
 *
 * @example
 * show(unfoldedRnnFigure({ inputs: ["h", "e", "l", "l"], outputs: ["e", "l", "l", "o"] }));
 */
export function unfoldedRnnFigure(options: UnfoldedRnnOptions = {}): Drawing {
  const { folded = true, initialState = "h_0" } = options;
  const given = [options.inputs, options.states, options.outputs].find((list) => list?.length);
  const { steps = given?.length ?? 4 } = options;
  requireCount("steps", steps);
  if (steps > 12) {
    throw new FigureError(`\`steps\` is ${steps}, but no more than 12 fit side by side.`);
  }
  const none = new Array<string>(steps).fill("");
  const orNone = (given?: readonly string[]) => (given?.length === 0 ? none : given);
  const inputs = labels("inputs", orNone(options.inputs), steps, "x");
  const states = labels("states", options.states, steps, "h");
  const outputs = labels("outputs", orNone(options.outputs), steps, "y");
  const { input: U = "U", recurrent: W = "W", output: V = "V" } = options.weights ?? {};
  const title = options.title ?? `A recurrent network, unfolded over ${steps} steps`;

  const [hasInputs, hasOutputs] = [inputs, outputs].map((each) => each.some((label) => label));
  const top = titleHeight + radius + 4;
  const yState = hasOutputs ? top + down : top;
  const [yOut, yIn] = [yState - down, yState + down];
  const content: string[] = [];
  const column = (x: number, names: { input?: string; state: string; output?: string }) => {
    content.push(
      circle({ x, y: yState, radius }, { fill: "rgba(0,114,178,0.2)", stroke: palette[0] }),
      text({ x, y: yState + 5, value: names.state }),
    );
    if (names.input) {
      const way = { from: yIn - halfBox, to: yState + radius, weights: U };
      content.push(...connection(x, way), ...boxAt(x, yIn, names.input));
    }
    if (names.output) {
      const way = { from: yState - radius, to: yOut + halfBox, weights: V };
      content.push(...connection(x, way), ...boxAt(x, yOut, names.output));
    }
  };

  let left = radius + 16;
  if (folded) {
    column(left, {
      input: hasInputs ? "x_t" : "",
      state: states[0].replace(/_\w+$/, "_t"),
      output: hasOutputs ? "y_t" : "",
    });
    const [from, turn] = [left + radius - 3, left + radius + 34];
    content.push(
      arrow([
        { x: from, y: yState - 12 },
        { x: turn, y: yState - 26 },
        { x: turn, y: yState + 26 },
        { x: from, y: yState + 12 },
      ]),
      text({ x: turn + 12, y: yState + 5, value: W, italic: true, color: palette[1] }),
      text({ x: turn + 46, y: yState + 7, value: "=", size: 22 }),
    );
    left += 170;
  }
  content.push(text({ x: left, y: yState + 5, value: initialState }));
  states.forEach((state, t) => {
    const x = left + (t + 1) * across - 30;
    const start = t === 0 ? left + 18 : x - across + radius;
    content.push(
      arrow([
        { x: start, y: yState },
        { x: x - radius, y: yState },
      ]),
      text({
        x: (start + x - radius) / 2,
        y: yState - 8,
        value: W,
        italic: true,
        color: palette[1],
      }),
    );
    column(x, { input: inputs[t], state, output: outputs[t] });
  });
  const plain = (label: string) => label.replace("_", "");
  const each = states.map((state, t) => {
    const from = [inputs[t], t === 0 ? initialState : states[t - 1]].filter((label) => label);
    return (
      `step ${t + 1}: ${from.map(plain).join(" and ")} ${from.length > 1 ? "give" : "gives"} ` +
      `${plain(state)}${outputs[t] ? `, which gives ${plain(outputs[t])}` : ""}`
    );
  });
  const ways = [
    ...(hasInputs ? [`${U} lead from input to state`] : []),
    `${W} ${hasInputs ? "" : "lead "}from state to state`,
    ...(hasOutputs ? [`${V} from state to output`] : []),
  ];
  return drawing({
    title,
    summary: `${title}. Weights ${ways.join(", ")}, the same at all steps. ${each.join("; ")}.`,
    width: left + states.length * across + 12,
    height: (hasInputs ? yIn : yState) + radius + 12,
    content,
  });
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
