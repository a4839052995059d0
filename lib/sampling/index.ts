export * from "./pick";
export * from "./sample";
export { createStepper, type Stepper } from "./stepper";
