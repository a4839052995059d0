// The numbers by which the C++ of all engines knows things: those of the enumerations in cpp/kernels.h.
import type { Activation, UpdateKind } from "./engine";

const RULES: Record<UpdateKind, number> = {
  sgd: 0,
  momentum: 1,
  nesterov: 2,
  adagrad: 3,
  adadelta: 4,
  rmsProp: 5,
  adam: 6,
  adamW: 7,
};

export function ruleNumber(kind: UpdateKind): number {
  return RULES[kind];
}

const ACTIVATIONS: Record<Activation, number> = { linear: 0, relu: 1, sigmoid: 2, tanh: 3 };

export function activationNumber(activation: Activation): number {
  return ACTIVATIONS[activation];
}
