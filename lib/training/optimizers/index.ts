import { adam, adamW } from "./adam";
import { adadelta, adagrad, rmsProp } from "./adaptive";
import { momentum, nesterov, sgd } from "./gradientDescent";
import type { Optimizer, OptimizerConfig } from "./optimizer";

export { type AdamOptions, adam, adamW } from "./adam";
export {
  type AdadeltaOptions,
  type AdagradOptions,
  adadelta,
  adagrad,
  type RmsPropOptions,
  rmsProp,
} from "./adaptive";
export { type MomentumOptions, momentum, nesterov, sgd } from "./gradientDescent";
export type { Optimizer, OptimizerConfig, OptimizerState } from "./optimizer";

const makers: Record<string, (options: object) => Optimizer> = {
  sgd,
  momentum,
  nesterov,
  adagrad,
  adadelta,
  rmsProp,
  adam,
  adamW,
};

/** Builds an optimizer again from its `config`, without its state. */
export function optimizerFromConfig({ kind, ...options }: OptimizerConfig): Optimizer {
  const make = makers[kind];
  if (make) return make(options);
  throw new Error(
    `There is no optimizer of the kind "${kind}"; there are ${Object.keys(makers).join(", ")}.`,
  );
}
