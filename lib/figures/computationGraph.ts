import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";
import { requireNames } from "../optionNames";
import { arrow, box, type Drawing, drawing, text, textWidth, titleHeight } from "./drawing";
import { FigureError, palette } from "./figure";
import { formatNumber } from "./numberFormat";

/** A computation as values and what they were computed from. */
export interface ComputationGraph {
  readonly nodes: readonly GraphNode[];
  /** From an input to what was computed from it, twice where it was used twice; a label stands on the arrow. */
  readonly edges: readonly (readonly [from: string, to: string, label?: string])[];
}

export interface GraphNode {
  readonly id: string;
  /** A name, or the operation that made the value. */
  readonly label: string;
  readonly value?: number;
  /** The derivative of the result by this value. */
  readonly gradient?: number;
}

export interface ComputationGraphOptions {
  /** Default "Computation graph". */
  title?: string;
  /** Inputs on the left and the result on the right, or inputs on top. Default "right". */
  direction?: "right" | "down";
}

/** A larger graph is a thicket; 150 boxes can just be read. */
const mostNodes = 150;

const lineHeight = 17;
const labelSize = 12;

/**
 * A computation graph: a box a value, with its number and in red its gradient, and an arrow from each
 * input to what was computed from it.
 *
 * @throws FigureError for no nodes, more than 150, two with one id, or an edge to a node that is missing
 *
 * @example
 * const nodes = [
 *   { id: "a", label: "a", value: 2, gradient: -3 },
 *   { id: "b", label: "b", value: -3, gradient: 2 },
 *   { id: "c", label: "c: *", value: -6, gradient: 1 },
 * ];
 * show(computationGraphFigure({ nodes: nodes, edges: [["a", "c"], ["b", "c"]] }));
 */
export function computationGraphFigure(
  graph: ComputationGraph,
  options: ComputationGraphOptions = {},
): Drawing {
  requireNames<ComputationGraphOptions>(
    "computationGraphFigure",
    options,
    { title: true, direction: true },
    { Thrown: FigureError },
  );
  const { title = "Computation graph", direction = "right" } = options;
  requireGraph(graph);
  const boxes = new Map(graph.nodes.map((node) => [node.id, linesOf(node)]));
  const { nodes, edges, width, height } = layOut(graph, boxes, direction);
  const content = [
    ...edges.map(({ points }) =>
      arrow(points.map(({ x, y }) => ({ x: x + margin, y: y + titleHeight }))),
    ),
    ...edges.map(drawLabel),
    ...graph.nodes.map(({ id }) => drawNode(nodes.get(id)!, boxes.get(id)!)),
  ];
  return drawing({
    title,
    summary: describe(title, graph),
    width: width + 2 * margin,
    height: height + titleHeight + margin,
    content,
  });
}

const margin = 8;

interface Line {
  value: string;
  color?: string;
  bold?: boolean;
}

function linesOf({ label, value, gradient }: GraphNode): Line[] {
  const lines: Line[] = [];
  // A number without a name is labelled by itself: once is enough.
  if (value === undefined || label !== String(value)) {
    lines.push({ value: label, bold: true });
  }
  if (value !== undefined) {
    lines.push({ value: formatNumber(value) });
  }
  if (gradient !== undefined) {
    lines.push({ value: `grad ${formatNumber(gradient)}`, color: palette[1] });
  }
  return lines;
}

function drawNode({ x, y, width, height }: NodeLabel & { x: number; y: number }, lines: Line[]) {
  const top = y + titleHeight - height / 2;
  return [
    box({ x: x + margin - width / 2, y: top, width, height }),
    ...lines.map((line, i) => text({ ...line, x: x + margin, y: top + 18 + i * lineHeight })),
  ].join("");
}

interface LaidOutEdge {
  points: { x: number; y: number }[];
  label?: string;
  x?: number;
  y?: number;
}

/** Beside the arrow and not on it, where it could not be read. */
function drawLabel({ label, x = 0, y = 0 }: LaidOutEdge): string {
  if (label === undefined) {
    return "";
  }
  return text({ value: label, x: x + margin, y: y + titleHeight - 5, size: labelSize });
}

function layOut(
  { nodes, edges }: ComputationGraph,
  boxes: ReadonlyMap<string, Line[]>,
  direction: "right" | "down",
) {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true });
  graph.setGraph({ rankdir: direction === "right" ? "LR" : "TB", nodesep: 18, ranksep: 42 });
  for (const { id } of nodes) {
    const lines = boxes.get(id)!;
    const longest = Math.max(...lines.map(({ value }) => textWidth(value, 13)));
    graph.setNode(id, {
      width: Math.max(34, longest + 20),
      height: 12 + lineHeight * lines.length,
    });
  }
  edges.forEach(([from, to, label], i) => {
    const size = { width: textWidth(label ?? "", labelSize) + 6, height: labelSize + 8 };
    graph.setEdge(from, to, label === undefined ? {} : { ...size, labelpos: "c" }, String(i));
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(
      nodes.map(({ id }) => [id, graph.node(id) as NodeLabel & { x: number; y: number }]),
    ),
    edges: graph.edges().map((edge): LaidOutEdge => {
      const { points = [], x, y } = graph.edge(edge);
      return { points, x, y, label: edges[Number(edge.name)][2] };
    }),
  };
}

function requireGraph({ nodes, edges }: ComputationGraph): void {
  if (nodes.length === 0) {
    throw new FigureError("The graph has no nodes, so there is nothing to draw.");
  }
  if (nodes.length > mostNodes) {
    throw new FigureError(
      `The graph has ${formatNumber(nodes.length)} nodes; more than ${mostNodes} cannot be read. Draw ` +
        "that of a smaller computation, such as one neuron with one example.",
    );
  }
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size < nodes.length) {
    const twice = nodes.find(({ id }, i) => nodes.findIndex((other) => other.id === id) < i)!;
    throw new FigureError(`Two nodes have the id "${twice.id}". Give each node an id of its own.`);
  }
  for (const [from, to] of edges) {
    for (const id of [from, to]) {
      if (ids.has(id)) {
        continue;
      }
      throw new FigureError(
        `An edge goes from "${from}" to "${to}", but no node has the id "${id}".`,
      );
    }
  }
}

function describe(title: string, { nodes, edges }: ComputationGraph): string {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const each = nodes.slice(0, 30).map(({ id, label, value, gradient }) => {
    const from = edges
      .filter(([, to]) => to === id)
      .map(([input, , on]) => labels.get(input)! + (on === undefined ? "" : ` [${on}]`));
    return (
      label +
      (value === undefined || label === String(value) ? "" : ` = ${formatNumber(value)}`) +
      (from.length === 0 ? "" : ` from ${from.join(", ")}`) +
      (gradient === undefined ? "" : ` (gradient ${formatNumber(gradient)})`)
    );
  });
  const left = nodes.length - each.length;
  return (
    `${title}: ${nodes.length} values, ${edges.length} edges: ${each.join("; ")}` +
    `${left > 0 ? `; and ${left} more` : ""}.`
  );
}
