import type { UpdateKind } from "./engine";

/** The rules in the order of their numbers in cpp/kernels.h. */
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

/** The number by which the C++ of all engines knows a rule. */
export function ruleNumber(kind: UpdateKind): number {
  return RULES.indexOf(kind);
}
