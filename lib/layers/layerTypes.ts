import type { tf } from "../engine/tensorflow";

/** The options that every tf layer takes: name, inputShape, batchInputShape, trainable, ... */
export type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** A tensor's shape as layers see it; null is a dimension that batches may vary. */
export type Shape = (null | number)[];
