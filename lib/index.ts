export * from "./backend";
export * from "./data";
export * as layers from "./layers";
export * from "./losses";
export * from "./models/charRnn";
export * from "./sampling/pick";
export * from "./training";
