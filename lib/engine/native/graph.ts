import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  type Attribute,
  DataType,
  deleteGraph,
  type Handle,
  loadGraph,
  recordWith,
  runGraph,
  typeAttribute,
} from "./operations";

// TensorFlow's file format for graphs, as far as this library writes it: protocol buffers, see
// tensorflow/core/protobuf/saved_model.proto and framework/graph.proto, whose field numbers these are.

/** A node of a graph: an operation whose inputs are other nodes' outputs, such as "MatMul7:0". */
interface GraphNode {
  name: string;
  operation: string;
  inputs: string[];
  attributes: readonly Attribute[];
  /** The value of a Const node. */
  value?: ConstantValue;
}

interface ConstantValue {
  type: number;
  shape: number[];
  values: Float32Array | Int32Array;
}

/** The bytes of a file saved_model.pb with one graph, under the tag "serve". */
function encodeSavedModel(nodes: GraphNode[]): Buffer {
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
  if (type === 1) {
    return integer(3, value as number);
  }
  if (type === 2) {
    return float(4, value as number);
  }
  if (type === 3) {
    return integer(5, value ? 1 : 0);
  }
  if (type === 4) {
    return integer(6, value as number);
  }
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

/** The type of what a graph reads. */
export type GraphInput = "float32" | "int32";

/**
 * A function on handles, recorded once and run by TensorFlow in one call. That saves a call from
 * JavaScript for every operation, and what does not depend on each other runs on several cores.
 *
 * Recording works as tf.function does in Python: the function is called once with handles that stand
 * for no tensor, and each operation it would run becomes a node of a graph. Loops over time unroll;
 * shapes are those of the recording. It must be a function of its inputs only.
 */
export class NativeGraph {
  private readonly graph: number;
  private readonly inputNames: string[];
  private readonly outputNames: string[];

  /**
   * @param inputs how many inputs of float32 there are, or the type of each
   * @throws Error if TensorFlow refuses the graph
   */
  constructor(inputs: number | readonly GraphInput[], body: (inputs: Handle[]) => Handle[]) {
    const recording = new Recording();
    const types = typeof inputs === "number" ? new Array(inputs).fill("float32") : inputs;
    const handles = types.map((type: GraphInput) => recording.input(DataType[type]));
    const outputs = recordWith(recording, () => body(handles));
    this.inputNames = handles.map((handle) => recording.nameOf(handle));
    this.outputNames = outputs.map((handle) => recording.nameOf(handle));
    this.graph = load(recording.nodes);
  }

  /**
   * Runs the function; of its operations, those that the wanted outputs depend on.
   *
   * @param wanted places of the outputs to compute; default all
   */
  run(inputs: Handle[], wanted?: number[]): Handle[] {
    const outputs = wanted ? wanted.map((place) => this.outputNames[place]) : this.outputNames;
    return runGraph(this.graph, inputs, this.inputNames.join(), outputs.join());
  }

  /** Frees what TensorFlow keeps of it. */
  dispose(): void {
    deleteGraph(this.graph);
  }
}

/** The nodes of a graph in the making. Handles in it are negative, one for each node's output. */
class Recording {
  readonly nodes: GraphNode[] = [];
  private readonly names: string[] = [];
  private readonly types: number[] = [];
  private readonly constants = new Map<string, Handle>();

  nameOf(handle: Handle): string {
    const name = this.names[-1 - handle];
    if (name !== undefined) {
      return name;
    }
    throw new Error("A recorded function may only read its inputs and constants.");
  }

  input(type: number): Handle {
    const dtype = typeAttribute("dtype", type);
    return this.add({ operation: "Placeholder", inputs: [], attributes: [dtype] }, 1, type)[0];
  }

  constant(type: number, shape: number[], values: Float32Array | Int32Array): Handle {
    const key = `${type} ${shape} ${values.some((value) => value !== 0) ? values : "zeros"}`;
    let handle = this.constants.get(key);
    if (handle === undefined) {
      const value = { type, shape, values };
      [handle] = this.add({ operation: "Const", inputs: [], attributes: [], value }, 1, type);
      this.constants.set(key, handle);
    }
    return handle;
  }

  operation(
    operation: string,
    handles: readonly Handle[],
    outputs: number,
    given: readonly Attribute[],
  ): Handle[] {
    const inputs = handles.map((handle) => this.nameOf(handle));
    const types = handles.map((handle) => this.types[-1 - handle]);
    const { attributes, result } = typesOf(operation, types, given);
    return this.add({ operation, inputs, attributes }, outputs, result);
  }

  private add(node: Omit<GraphNode, "name">, outputs: number, type: number): Handle[] {
    const name = `${node.operation}${this.nodes.length}`;
    this.nodes.push({ name, ...node });
    return Array.from({ length: outputs }, (_, output) => {
      this.types.push(type);
      return -this.names.push(`${name}:${output}`);
    });
  }
}

function load(nodes: GraphNode[]): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-graph-"));
  try {
    fs.writeFileSync(path.join(folder, "saved_model.pb"), encodeSavedModel(nodes));
    return loadGraph(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Eager execution finds out of what type an operation's inputs are; a graph has to say it in attributes.

/** Attributes that name the type of one of the inputs, by that input's place. */
const TYPE_OF_INPUT: Record<string, Record<string, number>> = {
  BlockLSTMV2: { T: 1 },
  Cast: { SrcT: 0 },
  GatherV2: { Tparams: 0, Tindices: 1, Taxis: 2 },
  OneHot: { TI: 0, T: 2 },
  Slice: { T: 0, Index: 1 },
  SparseSoftmaxCrossEntropyWithLogits: { T: 0, Tlabels: 1 },
  Split: { T: 1 },
  StatelessRandomUniformFullInt: { T: 0, Tseed: 1 },
  UnsortedSegmentSum: { T: 0, Tindices: 1 },
};
const FIRST_INPUT = { T: 0 };
/** The library's own operations know one type only, and have no attribute for it. */
const OF_ONE_TYPE = /^Karenina/;

/** Attributes that, where an operation has them, name the type of its result. */
const TYPE_OF_RESULT = ["DstT", "type", "dtype"];

/**
 * The attributes of an operation in a graph, and the type of its results.
 *
 * @param types those of the inputs
 * @param given the attributes that the operation would be called with
 */
function typesOf(
  operation: string,
  types: readonly number[],
  given: readonly Attribute[],
): { attributes: Attribute[]; result: number } {
  const places: Record<string, number> = OF_ONE_TYPE.test(operation)
    ? {}
    : (TYPE_OF_INPUT[operation] ?? FIRST_INPUT);
  const attributes = given.filter(({ name }) => !(name in places));
  for (const [name, place] of Object.entries(places)) {
    attributes.push(typeAttribute(name, types[place]));
  }
  const named = given.find(({ name }) => TYPE_OF_RESULT.includes(name));
  if (named) {
    return { attributes, result: named.value as number };
  }
  if (operation === "GreaterEqual") {
    return { attributes, result: DataType.bool };
  }
  return { attributes, result: types[places.T ?? 0] };
}
