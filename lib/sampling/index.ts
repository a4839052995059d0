export * from "./pick";
export * from "./sample";
