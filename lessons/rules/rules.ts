export {
  type AdamRuleOptions,
  type AdamState,
  type AdamWRuleOptions,
  adam,
  adamW,
} from "./adam";
export {
  type AdadeltaRuleOptions,
  type AdadeltaState,
  type AdagradRuleOptions,
  adadelta,
  adagrad,
  type RmsPropRuleOptions,
  rmsProp,
  type SquaresState,
} from "./adaptive";
export {
  momentum,
  nesterov,
  sgd,
  type VelocityOptions,
  type VelocityState,
} from "./gradientDescent";
export { newton } from "./newton";
export type { Objective, Rule, Step } from "./rule";
