import { type Attribute, DataType, typeAttribute } from "./attributes";

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

/** Attributes that, where an operation has them, name the type of its result. */
const TYPE_OF_RESULT = ["DstT", "type", "dtype"];

/**
 * The attributes of an operation in a graph, and the type of its results.
 *
 * @param types those of the inputs
 * @param given the attributes that the operation would be called with
 */
export function typesOf(
  operation: string,
  types: readonly number[],
  given: readonly Attribute[],
): { attributes: Attribute[]; result: number } {
  const places = TYPE_OF_INPUT[operation] ?? FIRST_INPUT;
  const attributes = given.filter(({ name }) => !(name in places));
  for (const [name, place] of Object.entries(places)) {
    attributes.push(typeAttribute(name, types[place]));
  }
  const named = given.find(({ name }) => TYPE_OF_RESULT.includes(name));
  if (named) return { attributes, result: named.value as number };
  if (operation === "GreaterEqual") return { attributes, result: DataType.bool };
  return { attributes, result: types[places.T ?? 0] };
}
