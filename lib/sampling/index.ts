export * from "./pick";
export type { SampleSource } from "./sample";
export { type SampleOptions, sample, sampleSymbols } from "./sample";
export * from "./score";
export {
  createStepper,
  readActivations,
  type Stepper,
  type TrackingUnit,
  trackingUnit,
} from "./stepper";
