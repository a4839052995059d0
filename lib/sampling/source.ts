import type { Checkpoint } from "../checkpoints/checkpoint";
import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { modelFromCheckpoint } from "../checkpoints/modelState";
import { tf } from "../engine/tensorflow";
import type { Vocabulary } from "../text/vocabulary";
import { SamplingError } from "./pick";
import { charRnnLayers } from "./stepper";

/** A network to sample from: a model, a checkpoint, or a checkpoint's file. */
export type SampleSource = tf.LayersModel | Checkpoint | string;

/** What a network to sample from or to score by comes to. */
export interface OpenSource {
  vocabulary: Vocabulary;
  /** The model itself, or the checkpoint's, which is built for this. */
  model(): Promise<tf.LayersModel>;
  /** Lets go of a model that was built for this, and of no other. */
  release(model: tf.LayersModel): void;
}

/**
 * @param given wins over a checkpoint's own vocabulary; a model has none
 * @throws SamplingError for a model without a vocabulary
 * @throws CheckpointError for a file that is no checkpoint
 */
export function openSource(source: SampleSource, given: Vocabulary | undefined): OpenSource {
  const network = typeof source === "string" ? loadCheckpoint(source) : source;
  if (network instanceof tf.LayersModel) {
    return {
      vocabulary: required(given),
      model: async () => network,
      release: () => {},
    };
  }
  return {
    vocabulary: required(given ?? network.vocabulary),
    model: () => modelFromCheckpoint(network),
    release: (model) => {
      model.dispose();
    },
  };
}

function required(vocabulary: Vocabulary | undefined): Vocabulary {
  if (vocabulary) return vocabulary;
  throw new SamplingError(
    "The vocabulary is not known: a model has only codes. Add the option vocabulary, the one that " +
      "the training text was encoded with.",
  );
}

/**
 * Makes sure that codes mean the same to a network and a vocabulary, as far as it can be seen.
 *
 * @throws SamplingError where one has more of them than the other
 */
export function requireSize(model: tf.LayersModel, vocabulary: Vocabulary): void {
  const { symbols } = charRnnLayers(model);
  if (symbols === vocabulary.size) return;
  throw new SamplingError(
    `The network tells ${symbols} symbols apart, but the vocabulary has ${vocabulary.size}. Pass the one ` +
      "that its training text was encoded with.",
  );
}
