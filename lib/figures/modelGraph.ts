import { tf } from "../engine/tensorflow";
import type { ComputationGraph, GraphNode } from "./computationGraph";

type Shape = readonly (number | null)[];

/** A layer as the configuration of a functional model lists it. */
interface ListedLayer {
  name: string;
  /** For each call of the layer, the tensors that it was called with: which layer made them. */
  inboundNodes: [layer: string, call: number, tensor: number][][];
}

/**
 * A model's layers as a graph for `computationGraphFigure`: a box a layer, labelled with its kind (an
 * input with its name) and the shape of what it gives for one example, and an arrow to each layer that
 * takes this in. A layer that is called several times is one box.
 *
 * @throws Error for a model without layers
 *
 * @example
 * show(computationGraphFigure(modelGraph(model), { title: "A model with two inputs" }));
 */
export function modelGraph(model: tf.LayersModel): ComputationGraph {
  if (model.layers.length === 0) {
    throw new Error(
      `The model "${model.name}" has no layers to draw. Add some: tf.sequential({ layers: [...] }).`,
    );
  }
  const nodes = model.layers.map(nodeOf);
  if (!(model instanceof tf.Sequential)) {
    return { nodes, edges: connections(model) };
  }
  const input = { id: "input", label: `input ${shapeText(model.inputs[0].shape)}` };
  const chain = [input, ...nodes];
  return {
    nodes: chain,
    edges: nodes.map(({ id }, i): [string, string] => [chain[i].id, id]),
  };
}

function nodeOf(layer: tf.layers.Layer): GraphNode {
  const kind = layer.getClassName();
  const shapes = [layer.outputShape].flat(1);
  const shape = (Array.isArray(shapes[0]) ? shapes[0] : shapes) as Shape;
  return {
    id: layer.name,
    label: `${kind === "InputLayer" ? layer.name : kind} ${shapeText(shape)}`,
  };
}

/** The shape for one example: without the first dimension, that of the batch. */
function shapeText(shape: Shape): string {
  return `[${shape.slice(1).join(", ")}]`;
}

function connections(model: tf.LayersModel): [string, string][] {
  const { layers } = model.getConfig() as unknown as { layers: ListedLayer[] };
  return layers.flatMap(({ name, inboundNodes }) =>
    inboundNodes.flat().map(([from]): [string, string] => [from, name]),
  );
}
