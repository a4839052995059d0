export { checkGradient, checkTensorGradient, type GradientCheck } from "./gradientCheck";
export { graphOf, type ValueGraph } from "./graph";
export { Neuron, type ScalarActivation, ScalarNetwork } from "./network";
export { type GradientRule, type Operation, Value, ValueError } from "./value";
