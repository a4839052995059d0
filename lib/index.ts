export * from "./backend";
export * from "./data";
export * from "./sampling/pick";
