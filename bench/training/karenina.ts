// This library's contestant, written as a notebook would.
import { createStepper, sampleFrom, softmax } from "karenina";
import { runContestant } from "./contestant";
import { networkOf } from "./networks";
import { stepwise } from "./stepwise";
import type { Workload } from "./workloads";

function sampler(workload: Workload): () => number {
  const { N, V } = workload;
  const stepper = createStepper(networkOf(workload), { batchSize: N });
  const symbols = new Int32Array(N);
  return () => {
    const logits = stepper.step(symbols);
    for (let n = 0; n < N; n++) {
      symbols[n] = sampleFrom(softmax(logits.subarray(n * V, (n + 1) * V)));
    }
    return Number.NaN;
  };
}

runContestant({ trainer: stepwise, sampler });
