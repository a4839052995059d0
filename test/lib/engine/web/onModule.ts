// What tests of the WebAssembly module share. It computes beside whichever TensorFlow this process has.
import { random } from "karenina";
import { webModule } from "../../../../lib/engine/web/load";
import type { WebModule } from "../../../../lib/engine/web/module";
import { type Program, runProgram, type StepSettings } from "../../../../lib/engine/web/program";

/** The module; every Node.js of today has SIMD. */
export const module = webModule() as WebModule;

/** Numbers from -scale to scale. */
export const draw = (count: number, scale = 1) =>
  Float32Array.from({ length: count }, () => (2 * random() - 1) * scale);

/** Puts numbers into a program. */
export const give = (program: Program, values: ArrayLike<number>) =>
  program.floats(values.length, (into) => into.set(values));
export const giveInts = (program: Program, values: ArrayLike<number>) =>
  program.ints(values.length, (into) => into.set(values));

/**
 * Runs a program, and reads from it.
 *
 * @param write returns places and how many numbers to read there
 */
export function compute<Name extends string>(
  write: (program: Program) => Record<Name, [at: number, count: number]>,
  settings: StepSettings = { limits: [0, 0, 0], scalars: [] },
): Record<Name, Float32Array> & { loss: number; norm: number } {
  const { outcome, written } = runProgram(module, settings, write);
  const read = Object.entries<[number, number]>(written).map(([name, [at, count]]) => [
    name,
    module.floats(at, count).slice(),
  ]);
  return { ...Object.fromEntries(read), ...outcome };
}
