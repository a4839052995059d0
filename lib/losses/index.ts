export * from "./crossEntropy";
