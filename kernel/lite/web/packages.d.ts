/** It says no types itself: those of Node's own module, which it is a copy of. */
declare module "path-browserify" {
  const path: typeof import("node:path").posix;
  export default path;
}

/** What `deepStrictEqual` of the package compares by. */
declare module "assert/build/internal/util/comparisons" {
  export const isDeepStrictEqual: typeof import("node:util").isDeepStrictEqual;
}
