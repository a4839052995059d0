import type { Engine } from "../../session/host";
import { types } from "../web/util";
import { foreignStacks } from "./foreignStacks";
import { readSourceMap } from "./sourceMap";

const stacks = foreignStacks();

/** The browser's engine. */
export const webEngine: Engine = {
  headLines: 1,
  compile(javascript, parameters, { file, async }) {
    const head = `(${async ? "async " : ""}function (${parameters.join(", ")}) {`;
    // Indirect, so that code sees the global scope alone; stacks call it by the name in the last line.
    // biome-ignore lint/security/noGlobalEval: to run what people write is what it is for
    return globalThis.eval(`${head}\n${javascript}\n})\n//# sourceURL=${file}`);
  },
  isError: (value): value is Error => types.isNativeError(value),
  codeOf: () => undefined,
  readSourceMap,
  ...(stacks && { stacks, flagOver }),
};

/** No getter that reads in this way is taken out of a loop; inlined, it costs 3 ns. */
function flagOver(memory: Int32Array): { readonly raised: number } {
  return {
    get raised() {
      return Atomics.load(memory, 0);
    },
  };
}
