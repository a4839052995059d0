export * from "./crossEntropy";
export { huber, meanAbsoluteError, meanSquaredError, type RegressionLoss } from "./regression";
