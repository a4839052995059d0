import { requireNames } from "../optionNames";
import { arrow, box, circle, type Drawing, drawing, text, titleHeight } from "./drawing";
import { FigureError, inkColor, palette } from "./figure";

/** The cells that can be drawn. */
export type DrawnCell = "lstm" | "gru";

export interface RecurrentCellOptions {
  /** Default: the cell's name. */
  title?: string;
}

interface Point {
  x: number;
  y: number;
}

const gateSize = { width: 52, height: 30 };
const radius = 13;
/** Colour and filling of what has weights, as of states in `unfoldedRnnFigure`. */
const learnt = { stroke: palette[0], fill: "rgba(0,114,178,0.2)" };

/** A layer with weights of its own: its name, and the function at its end below it. */
const gate = ({ x, y }: Point, name: string, activation: string) => [
  box({ x: x - gateSize.width / 2, y: y - gateSize.height / 2, ...gateSize }, learnt),
  text({ x, y: y + 5, value: `${name} = ${activation}`, size: 13 }),
];

/** Something done number by number. */
const operation = ({ x, y }: Point, sign: string) => [
  circle({ x, y, radius }, { fill: "rgba(213,94,0,0.15)", stroke: palette[1] }),
  text({ x, y: y + 5, value: sign, size: sign.length > 1 ? 10 : 15 }),
];

/** Where ways part. */
const fork = ({ x, y }: Point) => circle({ x, y, radius: 3 }, { fill: inkColor });

const label = ({ x, y }: Point, value: string) => text({ x, y: y + 5, value, size: 15 });

/** The rows of the drawings: the way of the memory, the products below it, the gates, the way of inputs. */
const [yMemory, yProduct, yGate, yInput] = [
  titleHeight + 30,
  titleHeight + 95,
  titleHeight + 160,
  titleHeight + 225,
];
const xEnd = 560;

/** h and x come in from the left and from below, lie side by side, and are read by each of the gates. */
function inputs(readers: readonly number[]): string[] {
  const last = Math.max(...readers);
  return [
    label({ x: 22, y: yInput }, "h_t−1"),
    arrow([
      { x: 46, y: yInput },
      { x: 84, y: yInput },
    ]),
    arrow([
      { x: 96, y: yInput + 46 },
      { x: 96, y: yInput + 13 },
    ]),
    label({ x: 96, y: yInput + 60 }, "x_t"),
    ...operation({ x: 96, y: yInput }, ","),
    ...readers.map((x) =>
      arrow([
        { x: x === last ? 109 : x, y: yInput },
        { x, y: yInput },
        { x, y: yGate + gateSize.height / 2 },
      ]),
    ),
    ...readers.filter((x) => x !== last).map((x) => fork({ x, y: yInput })),
  ];
}

/** h_t, onwards and upwards. */
function shown(from: Point): string[] {
  const turn = { x: 512, y: from.y };
  return [
    arrow([from, { x: xEnd - 22, y: from.y }]),
    fork(turn),
    arrow([turn, { x: turn.x, y: titleHeight + 4 }]),
    label({ x: turn.x + 20, y: titleHeight + 10 }, "h_t"),
    label({ x: xEnd, y: from.y }, "h_t"),
  ];
}

function lstm(): string[] {
  const [f, i, g, o] = [150, 225, 300, 375];
  const [keep, write, add] = [
    { x: f, y: yMemory },
    { x: 262, y: yProduct },
    { x: 262, y: yMemory },
  ];
  const [squash, show] = [
    { x: 430, y: yProduct },
    { x: 430, y: yGate },
  ];
  const up = (x: number, to: Point) => arrow([{ x, y: yGate - gateSize.height / 2 }, to]);
  return [
    label({ x: 22, y: yMemory }, "c_t−1"),
    arrow([
      { x: 46, y: yMemory },
      { x: keep.x - radius, y: yMemory },
    ]),
    arrow([
      { x: keep.x + radius, y: yMemory },
      { x: add.x - radius, y: yMemory },
    ]),
    // Lifted over the way of h_t, which crosses it.
    arrow([
      { x: add.x + radius, y: yMemory },
      { x: xEnd - 22, y: yMemory },
    ]),
    label({ x: xEnd, y: yMemory }, "c_t"),
    ...inputs([f, i, g, o]),
    up(f, { x: f, y: yMemory + radius }),
    arrow([
      { x: i, y: yGate - gateSize.height / 2 },
      { x: i, y: yProduct },
      { x: write.x - radius, y: yProduct },
    ]),
    arrow([
      { x: g, y: yGate - gateSize.height / 2 },
      { x: g, y: yProduct },
      { x: write.x + radius, y: yProduct },
    ]),
    arrow([
      { x: write.x, y: yProduct - radius },
      { x: add.x, y: yMemory + radius },
    ]),
    fork({ x: squash.x, y: yMemory }),
    arrow([
      { x: squash.x, y: yMemory },
      { x: squash.x, y: yProduct - radius },
    ]),
    arrow([
      { x: squash.x, y: yProduct + radius },
      { x: show.x, y: yGate - radius },
    ]),
    arrow([
      { x: o + gateSize.width / 2, y: yGate },
      { x: show.x - radius, y: yGate },
    ]),
    ...gate({ x: f, y: yGate }, "f", "σ"),
    ...gate({ x: i, y: yGate }, "i", "σ"),
    ...gate({ x: g, y: yGate }, "g", "tanh").slice(0, 1),
    text({ x: g, y: yGate + 5, value: "g = tanh", size: 11 }),
    ...gate({ x: o, y: yGate }, "o", "σ"),
    ...operation(keep, "×"),
    ...operation(write, "×"),
    ...operation(add, "+"),
    ...operation(squash, "tanh"),
    ...operation(show, "×"),
    ...shown({ x: show.x + radius, y: yGate }),
  ];
}

function gru(): string[] {
  const [r, z, g] = [160, 250, 400];
  const [keep, add, write, forget] = [
    { x: z, y: yMemory },
    { x: g, y: yMemory },
    { x: g, y: yProduct },
    { x: 325, y: yProduct },
  ];
  const reset = { x: 325, y: yGate };
  return [
    label({ x: 22, y: yMemory }, "h_t−1"),
    arrow([
      { x: 46, y: yMemory },
      { x: keep.x - radius, y: yMemory },
    ]),
    arrow([
      { x: keep.x + radius, y: yMemory },
      { x: add.x - radius, y: yMemory },
    ]),
    ...inputs([r, z]),
    // x alone goes on to the candidate.
    arrow([
      { x: 96, y: yInput + 36 },
      { x: g, y: yInput + 36 },
      { x: g, y: yGate + gateSize.height / 2 },
    ]),
    fork({ x: 96, y: yInput + 36 }),
    // The reset gate, upwards and over to its product with the old state.
    arrow([
      { x: r, y: yGate - gateSize.height / 2 },
      { x: r, y: yGate - 36 },
      { x: reset.x - 30, y: yGate - 36 },
      { x: reset.x - 30, y: yGate },
      { x: reset.x - radius, y: yGate },
    ]),
    // The old state, by the lower way, to the same product.
    arrow([
      { x: z, y: yInput },
      { x: reset.x, y: yInput },
      { x: reset.x, y: yGate + radius },
    ]),
    text({ x: (z + reset.x) / 2 + 6, y: yInput - 6, value: "h_t−1", size: 11 }),
    arrow([
      { x: reset.x + radius, y: yGate },
      { x: g - gateSize.width / 2, y: yGate },
    ]),
    arrow([
      { x: z, y: yGate - gateSize.height / 2 },
      { x: z, y: yMemory + radius },
    ]),
    fork({ x: z, y: yInput }),
    fork({ x: z, y: yProduct }),
    arrow([
      { x: z, y: yProduct },
      { x: forget.x - 17, y: yProduct },
    ]),
    arrow([
      { x: forget.x + 17, y: yProduct },
      { x: write.x - radius, y: yProduct },
    ]),
    arrow([
      { x: g, y: yGate - gateSize.height / 2 },
      { x: g, y: yProduct + radius },
    ]),
    arrow([
      { x: g, y: yProduct - radius },
      { x: g, y: yMemory + radius },
    ]),
    ...gate({ x: r, y: yGate }, "r", "σ"),
    ...gate({ x: z, y: yGate }, "z", "σ"),
    ...gate({ x: g, y: yGate }, "g", "tanh").slice(0, 1),
    text({ x: g, y: yGate + 5, value: "g = tanh", size: 11 }),
    box(
      { x: forget.x - 17, y: yProduct - 11, width: 34, height: 22 },
      {
        fill: "rgba(213,94,0,0.15)",
        stroke: palette[1],
      },
    ),
    text({ x: forget.x, y: yProduct + 4, value: "1 − z", size: 11 }),
    ...operation(keep, "×"),
    ...operation(reset, "×"),
    ...operation(write, "×"),
    ...operation(add, "+"),
    ...shown({ x: add.x + radius, y: yMemory }),
  ];
}

const cells: Record<DrawnCell, { title: string; summary: string; parts: () => string[] }> = {
  lstm: {
    title: "A cell of an LSTM",
    summary:
      "The input x and the state h before go into four layers. The cell c before is multiplied by the " +
      "forget gate f; the product of input gate i and candidate g is added to it: that is the new c. Its " +
      "tanh, multiplied by the output gate o, is the new h.",
    parts: lstm,
  },
  gru: {
    title: "A cell of a GRU",
    summary:
      "The input x and the state h before go into the reset gate r and the update gate z. The candidate g " +
      "is a tanh layer of x and of r times h. The new h is z times the old one plus 1 − z times g.",
    parts: gru,
  },
};

/**
 * The wiring of one step of a recurrent cell: what has weights is a box, what is done number by number a
 * circle; a dot is where ways part, and a comma puts two vectors side by side.
 *
 * LSTM after Gers, Schmidhuber and Cummins (2000), GRU after Cho et al. (2014) with the reset gate before
 * the product, as `layers.lstm` and `layers.gru` compute them.
 *
 * @throws FigureError for another cell
 *
 * @example
 * show(recurrentCellFigure("gru"));
 */
export function recurrentCellFigure(cell: DrawnCell, options: RecurrentCellOptions = {}): Drawing {
  requireNames<RecurrentCellOptions>(
    "recurrentCellFigure",
    options,
    { title: true },
    { Thrown: FigureError },
  );
  const { title } = options;
  if (!Object.hasOwn(cells, cell)) {
    throw new FigureError(
      `There is no drawing of ${JSON.stringify(cell)}: give one of ${Object.keys(cells).join(", ")}.`,
    );
  }
  const drawn = cells[cell];
  const name = title ?? drawn.title;
  return drawing({
    title: name,
    summary: `${name}. ${drawn.summary}`,
    width: xEnd + 30,
    height: yInput + 76,
    content: drawn.parts(),
  });
}
