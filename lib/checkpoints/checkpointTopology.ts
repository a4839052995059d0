import { tf } from "../engine/tensorflow";

interface LayerJson {
  class_name?: unknown;
  config?: { name?: unknown; batch_input_shape?: unknown; layers?: unknown };
}

/**
 * Makes sure that a network's description can be built of layers that are known here: what tfjs says of
 * others is meant for programmers who moved a model from Python.
 *
 * @param topology as a checkpoint holds it
 * @throws Error naming the layer
 */
export function checkTopology(topology: object): void {
  const { class_name, config } = topology as LayerJson;
  const layers = Array.isArray(config) ? config : config?.layers;
  if (!Array.isArray(layers)) return;
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  for (const [place, layer] of (layers as LayerJson[]).entries()) {
    const className = layer?.class_name;
    if (typeof className !== "string" || !Object.hasOwn(known, className)) {
      throw new Error(
        `Its layer ${place} is a ${JSON.stringify(className)}, which no class here is named.`,
      );
    }
    checkTopology(layer);
  }
  const first = (layers as LayerJson[])[0];
  const begins = first === undefined || first.config?.batch_input_shape || isNested(first);
  if (class_name === "Sequential" && !begins) {
    throw new Error(
      `Its first layer, a ${String(first.class_name)}, does not say what shape its input has.`,
    );
  }
}

function isNested({ config }: LayerJson): boolean {
  return Array.isArray(config) || Array.isArray(config?.layers);
}
