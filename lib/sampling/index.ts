export { readActivations, type TrackingUnit, trackingUnit } from "./activations";
export * from "./pick";
export { type SampleOptions, sample, sampleSymbols } from "./sample";
export * from "./score";
export type { SampleSource } from "./source";
export { createStepper, type Stepper } from "./stepper";
