export * from "./backend";
export * from "./data/batches";
export * from "./data/vocabulary";
export * from "./sampling/pick";
