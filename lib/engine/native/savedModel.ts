import type { Attribute } from "./operations";

// TensorFlow's file format for graphs, as far as this library writes it: protocol buffers, see
// tensorflow/core/protobuf/saved_model.proto and framework/graph.proto, whose field numbers these are.

/** A node of a graph: an operation whose inputs are other nodes' outputs, such as "MatMul7:0". */
export interface GraphNode {
  name: string;
  operation: string;
  inputs: string[];
  attributes: readonly Attribute[];
  /** The value of a Const node. */
  value?: ConstantValue;
}

export interface ConstantValue {
  type: number;
  shape: number[];
  values: Float32Array | Int32Array;
}

/** The bytes of a file saved_model.pb with one graph, under the tag "serve". */
export function encodeSavedModel(nodes: GraphNode[]): Buffer {
  const versions = bytes(4, integer(1, GRAPH_VERSION));
  const graph = Buffer.concat([...nodes.map((node) => bytes(1, encodeNode(node))), versions]);
  const metaGraph = Buffer.concat([bytes(1, text(4, "serve")), bytes(2, graph)]);
  return Buffer.concat([integer(1, 1), bytes(2, metaGraph)]);
}

/** Of TensorFlow 2.8 (2022): every later one reads it. */
const GRAPH_VERSION = 987;

function encodeNode({ name, operation, inputs, attributes, value }: GraphNode): Buffer {
  const entries = attributes.map((each) => [each.name, encodeAttribute(each)] as const);
  const all = value ? [...entries, ...constantAttributes(value)] : entries;
  return Buffer.concat([
    text(1, name),
    text(2, operation),
    ...inputs.map((input) => text(3, input)),
    ...all.map(([key, encoded]) => bytes(5, Buffer.concat([text(1, key), bytes(2, encoded)]))),
  ]);
}

function encodeAttribute({ name, type, value }: Attribute): Buffer {
  // The numbers of TF_AttrType: integer, float, boolean, type.
  if (type === 1) return integer(3, value as number);
  if (type === 2) return float(4, value as number);
  if (type === 3) return integer(5, value ? 1 : 0);
  if (type === 4) return integer(6, value as number);
  throw new Error(`The attribute ${name} has a type that graphs do not need: ${type}.`);
}

function constantAttributes({ type, shape, values }: ConstantValue) {
  const dimensions = shape.map((size) => bytes(2, integer(1, size)));
  const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const tensor = Buffer.concat([
    integer(1, type),
    bytes(2, Buffer.concat(dimensions)),
    bytes(4, content),
  ]);
  return [
    ["dtype", integer(6, type)],
    ["value", bytes(8, tensor)],
  ] as const;
}

/** Seven bits a byte, the lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number): Buffer {
  const result: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    result.push(rest > 0n ? low + 128 : low);
  } while (rest > 0n);
  return Buffer.from(result);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function float(field: number, value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), four]);
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function text(field: number, content: string): Buffer {
  return bytes(field, Buffer.from(content));
}
