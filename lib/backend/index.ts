export * from "./random";
export * from "./tensorflow";
