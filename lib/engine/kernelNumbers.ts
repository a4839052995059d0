// The numbers by which the C++ of all engines knows things: those of the enumerations in cpp/kernels.h.
import type { Activation, UpdateKind } from "./engine";

/** In their order there. */
const RULES: UpdateKind[] = [
  "sgd",
  "momentum",
  "nesterov",
  "adagrad",
  "adadelta",
  "rmsProp",
  "adam",
  "adamW",
];

export function ruleNumber(kind: UpdateKind): number {
  return RULES.indexOf(kind);
}

/** In their order there. */
const ACTIVATIONS: Activation[] = ["linear", "relu", "sigmoid", "tanh"];

export function activationNumber(activation: Activation): number {
  return ACTIVATIONS.indexOf(activation);
}
