export { type Descendable, type DescendOptions, descend, type Trace } from "./descend";
export * as rules from "./rules";
export * as surfaces from "./surfaces";
