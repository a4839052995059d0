import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  adam,
  type Checkpoint,
  type Loss,
  layers,
  random,
  ready,
  setSeed,
  sparseSoftmaxCrossEntropy,
  type TrainingCallback,
  tf,
  train,
} from "karenina";

before(() => ready());

const [N, T, D, CLASSES, STEPS] = [3, 4, 2, 3, 6];
/** The step that fails. */
const BAD = 4;

/** Float inputs into a stateful LSTM, with dropout, and with batch normalisation where it is wanted. */
function build(normalised: boolean): tf.Sequential {
  setSeed(5);
  return tf.sequential({
    layers: [
      layers.lstm({ units: 5, stateful: true, batchInputShape: [N, T, D], returnSequences: true }),
      layers.dropout({ rate: 0.3 }),
      ...(normalised ? [tf.layers.batchNormalization()] : []),
      layers.dense({ units: CLASSES }),
    ],
  });
}

/** Draws each batch when it is asked for; `spoil` changes the one of the step that is to fail. */
function* drawnBatches(spoil: (x: Float32Array, y: Int32Array) => void) {
  for (let step = 1; step <= STEPS; step++) {
    const x = Float32Array.from({ length: N * T * D }, () => random() - 0.5);
    const y = Int32Array.from({ length: N * T }, () => Math.floor(CLASSES * random()));
    if (step === BAD) {
      spoil(x, y);
    }
    yield { x: tf.tensor3d(x, [N, T, D]), y: tf.tensor2d(y, [N, T], "int32") };
  }
}

/** What is in a model, as numbers. */
function contentOf(model: tf.LayersModel) {
  const states = model.layers.flatMap((layer) =>
    "getStates" in layer ? (layer as ReturnType<typeof layers.lstm>).getStates() : [],
  );
  return [...model.getWeights(), ...states].map((tensor) => [...tensor.dataSync()]);
}

async function trained(options: {
  normalised?: boolean;
  loss?: Loss;
  spoil?: (x: Float32Array, y: Int32Array) => void;
  resume?: Checkpoint;
  maxSteps?: number;
}) {
  const { normalised = false, loss, spoil = () => {}, resume, maxSteps } = options;
  const model = build(normalised);
  let last: Checkpoint | undefined;
  const keep: TrainingCallback = {
    onSettled(moment, context) {
      if (moment === "end") {
        last = context.checkpoint();
      }
    },
  };
  const optimizer = resume ? undefined : adam({ learningRate: 0.05 });
  const outcome = train(model, () => drawnBatches(spoil), {
    optimizer,
    loss,
    resume,
    maxSteps,
    callbacks: [keep],
  });
  const error = await outcome.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  optimizer?.dispose();
  return { model, error, checkpoint: last! };
}

// By the tape: a loss that no engine knows.
const own: Loss = (output, y) => sparseSoftmaxCrossEntropy(output, y);
const ways = {
  recorded: {},
  taped: { loss: own },
  "taped, with batch normalisation": { loss: own, normalised: true },
};
const faults = {
  "a batch of NaN": (x: Float32Array) => x.fill(Number.NaN),
  "one infinite number": (x: Float32Array) => x.fill(Number.POSITIVE_INFINITY, 3, 4),
  "a label that is no class": (_: Float32Array, y: Int32Array) => y.fill(CLASSES, 2, 3),
};

for (const [way, options] of Object.entries(ways)) {
  for (const [fault, spoil] of Object.entries(faults)) {
    test(`${way}: ${fault} leaves all as it was before its step, and training goes on from there`, async () => {
      const failed = await trained({ ...options, spoil });
      assert.ok(failed.error, "step 4 fails");
      const stopped = await trained({ ...options, maxSteps: BAD - 1 });
      assert.equal(stopped.error, undefined);
      assert.deepEqual(contentOf(failed.model), contentOf(stopped.model));
      assert.deepEqual(failed.checkpoint.states, stopped.checkpoint.states);
      assert.deepEqual(failed.checkpoint.random, stopped.checkpoint.random);

      const whole = await trained(options);
      for (const { checkpoint } of [failed, stopped]) {
        const resumed = await trained({ ...options, resume: checkpoint });
        assert.equal(resumed.error, undefined);
        assert.deepEqual(contentOf(resumed.model), contentOf(whole.model), "to the last bit");
      }
    });
  }
}
