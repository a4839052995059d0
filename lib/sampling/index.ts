export { readActivations, type TrackingUnit, trackingUnit } from "./activations";
export * from "./pick";
export * from "./sample";
export * from "./score";
export { createStepper, type Stepper } from "./stepper";
