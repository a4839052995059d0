export { readActivations, type TrackingUnit, trackingUnit } from "./activations";
export * from "./pick";
export { type SampleOptions, type SampleSource, sample, sampleSymbols } from "./sample";
export * from "./score";
export { createStepper, type Stepper } from "./stepper";
