export * from "./backend";
export * from "./data";
export * from "./figures";
export * as layers from "./layers";
export * from "./losses";
export * from "./models/charRnn";
export * from "./notebook";
export * from "./sampling";
export * from "./training";
