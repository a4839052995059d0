import { SourceMap } from "node:module";
import { types } from "node:util";
import vm from "node:vm";
import type { Engine } from "../session/host";
import { forestallWarning } from "./packages";

let forestalled = false;
let compiled: ((file: string) => void) | undefined;

/** Has a function called with the name of each file that is going to run. */
export function whenCompiled(listener: (file: string) => void): void {
  compiled = listener;
}

/** V8, as Node offers it. */
export const nodeEngine: Engine = {
  // They cannot be offset: for code that `eval` runs, V8 forgets the offset.
  headLines: 1,
  /** An `import()` in text that the code evaluates goes to Node. */
  compile(javascript, parameters, { file, async }) {
    const head = `(${async ? "async " : ""}function (${parameters.join(", ")}) {`;
    // Before 20.12, Node has no such constant.
    const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
    if (importModuleDynamically && !forestalled) {
      forestalled = true;
      forestallWarning();
    }
    const made = vm.runInThisContext(`${head}\n${javascript}\n})`, {
      filename: file,
      importModuleDynamically,
    });
    compiled?.(file);
    return made;
  },
  isError: (value): value is Error => types.isNativeError(value),
  /** Errors that Node itself makes carry a mark, for which it adds their code to the header. */
  codeOf(error) {
    mark ??= findMark();
    return mark !== undefined && mark in (error as object)
      ? (error as { code: string }).code
      : undefined;
  },
  readSourceMap(json) {
    const map = new SourceMap(JSON.parse(json));
    return {
      find(line, column) {
        const entry = map.findEntry(line, column);
        return "originalLine" in entry && entry.originalLine !== undefined ? entry : undefined;
      },
    };
  },
};

let mark: symbol | undefined;

function findMark(): symbol | undefined {
  try {
    Buffer.alloc("" as never);
  } catch (error) {
    for (let at = error; at; at = Object.getPrototypeOf(at)) {
      const found = Object.getOwnPropertySymbols(at).find(
        ({ description }) => description === "kIsNodeError",
      );
      if (found) {
        return found;
      }
    }
  }
  return undefined;
}
