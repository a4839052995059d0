// This library's contestant, written as a notebook would.
import { createStepper, sampleFrom, softmax } from "karenina";
import { runContestant } from "./contestant";
import { networkOf } from "./networks";
import { stepwise } from "./stepwise";
import type { Workload } from "./workloads";

function sampler(workload: Workload): () => number {
  const stepper = createStepper(networkOf(workload));
  let symbol = 0;
  return () => {
    symbol = sampleFrom(softmax(stepper.step(Int32Array.of(symbol))));
    return Number.NaN;
  };
}

runContestant({ trainer: stepwise, sampler });
