import vm from "node:vm";
import { forestallWarning } from "../run/packages";

/**
 * How many lines V8 counts before the code's first. They cannot be offset: for code that `eval` runs,
 * V8 forgets the offset.
 */
export const HEAD_LINES = 1;

let forestalled = false;

/**
 * Compiles code as the body of a function. An `import()` in text that the code evaluates goes to
 * Node.
 *
 * @param async may the code await?
 */
export function compileBody(
  javascript: string,
  parameters: readonly string[],
  { file, async }: { file: string; async: boolean },
): (...values: unknown[]) => unknown {
  const head = `(${async ? "async " : ""}function (${parameters.join(", ")}) {`;
  // Before 20.12, Node has no such constant.
  const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  if (importModuleDynamically && !forestalled) {
    forestalled = true;
    forestallWarning();
  }
  return vm.runInThisContext(`${head}\n${javascript}\n})`, {
    filename: file,
    importModuleDynamically,
  });
}
