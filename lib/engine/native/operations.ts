// TensorFlow's operations by their own names, below tf.*: this is how the fused kernels are called
// that TensorFlow has and tfjs does not offer, at a third of the cost of a call through tf.*.
//
// A Handle stands for one tensor inside TensorFlow. Nothing collects it: whoever receives one
// from `compute` either gives it to `release` or makes a tf.Tensor of it by
// `toTensor`, which from then on lives and dies as any other tensor.

export * from "./attributes";
export { type Handle, isNative, type Recorder, recordWith } from "./binding";
export * from "./calls";
export * from "./constants";
export * from "./tensors";
