import { adadelta, adagrad, adam, adamW, type Optimizer, rmsProp, sgd } from "karenina";

/** An optimizer of each rule. */
export const everyOptimizer: Record<string, () => Optimizer> = {
  sgd: () => sgd({ learningRate: 0.1 }),
  momentum: () => sgd({ learningRate: 0.1, momentum: 0.8 }),
  nesterov: () => sgd({ learningRate: 0.1, momentum: 0.8, nesterov: true }),
  adagrad: () => adagrad({ learningRate: 0.1 }),
  adadelta: () => adadelta(),
  rmsProp: () => rmsProp({ learningRate: 0.01, momentum: 0.3 }),
  adam: () => adam({ learningRate: 0.01 }),
  adamW: () => adamW({ learningRate: 0.01, weightDecay: 0.2 }),
};
