// Run in a child process with the library's preload: loads the operations of a file, lets them update a
// variable in place and in two parts, and prints for which instruction set they were chosen.
import { NativeGraph } from "../../lib/engine/native/graph";
import { createFloat, release, valuesOf } from "../../lib/engine/native/operations";
import { ownOperations } from "../../lib/engine/native/ownOperations";
import { updateInParts } from "../../lib/engine/native/ownUpdates";
import { copy } from "../../lib/engine/native/tensors";
import { ready } from "../../lib/engine/tensorflow";

async function main(): Promise<void> {
  process.env.KARENINA_OPERATIONS_FILE = process.argv[2];
  await ready();
  const instructions = ownOperations();
  if (instructions === undefined) {
    throw new Error("they do not load");
  }
  const size = 1000;
  const ones = () => {
    const shared = createFloat([size], new Float32Array(size).fill(1));
    const own = copy(shared);
    release(shared);
    return own;
  };
  const [value, gradient] = [ones(), ones()];
  const graph = new NativeGraph(5, ([report, limits, scalars, value, gradient]) =>
    updateInParts(
      "sgd",
      { report, limits, scalars, values: [value], slots: [], gradients: [gradient], after: [] },
      2,
    ),
  );
  const run = (loss: number) =>
    release(
      ...graph.run([
        createFloat([1], Float32Array.of(loss)),
        createFloat([3], new Float32Array(3)),
        createFloat([1], Float32Array.of(0.25)),
        value,
        gradient,
      ]),
    );
  run(1);
  run(Number.NaN);
  const wrong = valuesOf(value).findIndex((each) => each !== 0.75);
  if (wrong !== -1) {
    throw new Error(`1 - 0.25 gave ${valuesOf(value)[wrong]}`);
  }
  process.stdout.write(instructions);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
