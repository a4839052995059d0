import { type HistoryRow, type TrainingCallback, tf, train } from "karenina";
import { batches } from "./contestant";
import { networkOf, optionsOf } from "./networks";
import type { Workload } from "./workloads";

/**
 * A training by `train`, as a student calls it, that makes a step only when it is asked for one.
 *
 * @returns makes a step and gives its loss
 */
export function stepwise(
  workload: Workload,
  folder: string,
  callbacks: TrainingCallback[] = [],
): () => Promise<number> {
  const source = tensorBatches(workload, folder);
  let asked = 0;
  let wake = () => {};
  let answer: (loss: number) => void = () => {};
  async function* onRequest() {
    for (const batch of source) {
      while (asked === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      asked--;
      yield batch;
    }
  }
  const tell = { onStep: ({ loss }: HistoryRow) => answer(loss) };
  const options = { ...optionsOf(workload), callbacks: [...callbacks, tell] };
  train(networkOf(workload), onRequest, options).catch((error) => {
    console.error(error);
    process.exit(1);
  });
  return () => {
    const loss = new Promise<number>((resolve) => {
      answer = resolve;
    });
    asked++;
    wake();
    return loss;
  };
}

/** The workload's batches as tensors, which live until the next one is asked for. */
function* tensorBatches(workload: Workload, folder: string) {
  const { kind, N, T } = workload;
  const shapes = {
    text: { x: [N, T], y: [N, T] },
    transformer: { x: [N, T], y: [N, T] },
    rows: { x: [N, 28, 28], y: [N] },
    digits: { x: [N, 784], y: [N] },
    sample: { x: [], y: [] },
    sampleTransformer: { x: [], y: [] },
  }[kind];
  const dtype = kind === "text" || kind === "transformer" ? "int32" : "float32";
  for (const batch of batches(workload, folder)) {
    const x = tf.tensor(batch.x, shapes.x, dtype);
    const y = tf.tensor(batch.y, shapes.y, "int32");
    yield { x, y };
    tf.dispose([x, y]);
  }
}
