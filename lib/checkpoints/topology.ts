import { tf } from "../engine/tensorflow";

interface LayerJson {
  class_name?: unknown;
  config?: { name?: unknown; batch_input_shape?: unknown; layers?: unknown };
}

/**
 * Makes sure that tfjs can build a network of its description. What tfjs itself says of layers that it
 * does not know is meant for programmers who moved a model from Python.
 *
 * @param topology as a checkpoint holds it
 * @throws Error naming the layer, or the option of an initializer
 */
export function checkTopology(topology: object): void {
  checkLayers(topology);
  checkInitializers(topology);
}

function checkLayers(topology: object): void {
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
    checkLayers(layer);
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

/** What initializers draw by. tfjs draws again and again until a number fits, and with these none may. */
const NUMBERS = ["mean", "stddev", "minval", "maxval", "scale", "value", "gain"];
const NOT_NEGATIVE = ["stddev", "scale"];

/**
 * Checks the initializers in a model's description, so that nothing foreign keeps tfjs drawing for
 * ever when it builds the model.
 *
 * @param topology what tfjs wrote of a model, or a part of it
 * @throws Error that names the option, its value and what it must be
 */
function checkInitializers(topology: unknown, place = ""): void {
  if (typeof topology !== "object" || topology === null) return;
  for (const [key, inside] of Object.entries(topology)) {
    if (/initializer$/i.test(key)) checkOptions(inside, `${place}${key}`);
    checkInitializers(inside, `${place}${key}.`);
  }
}

function checkOptions(initializer: unknown, place: string): void {
  const config = (initializer as { config?: Record<string, unknown> } | null)?.config ?? {};
  for (const name of NUMBERS) {
    const value = config[name];
    const least = NOT_NEGATIVE.includes(name) ? 0 : -Infinity;
    if (value === undefined || (Number.isFinite(value) && (value as number) >= least)) continue;
    throw new Error(
      `${place}.config.${name} is ${JSON.stringify(value)}, but must be a finite number` +
        `${least === 0 ? " from 0 up" : ""}.`,
    );
  }
}
