import fs from "node:fs";
import { operationsFile } from "../../host/node/operationsFile.cjs";
import { nativeBinding } from "../tensorflow";

// The operations of cpp/, which set-up compiles where it finds a compiler. Loading the file registers them
// with the TensorFlow of this process; from then on they are called as its own are. Where the file is not
// there or does not load, the engine does without.

/** One for a process: TensorFlow takes an operation's name once, whatever copy of the library asks. */
const LOADED = Symbol.for("karenina.operations");
type Process = { [LOADED]?: { file: string; instructions: string } };

let known: string | undefined;
let tried = false;

/**
 * The instruction set whose operations are loaded, "avx512", "avx2" or "plain"; undefined where there are
 * none. The environment variable KARENINA_OPERATIONS chooses: "off" none, "avx2" or "plain" these, where the
 * processor has them.
 */
export function ownOperations(): string | undefined {
  if (!tried) {
    tried = true;
    known = process.env.KARENINA_OPERATIONS === "off" ? undefined : load(ownFile());
  }
  return known;
}

/**
 * Registers the operations of a file.
 *
 * @returns the instruction set that they use here; undefined, after a line that says why, where they do not
 *   load
 */
function load(file: string | undefined): string | undefined {
  const here = process as Process;
  if (here[LOADED]) {
    return here[LOADED].file === file ? here[LOADED].instructions : undefined;
  }
  if (file === undefined || nativeBinding() === undefined || !fs.existsSync(file)) {
    return undefined;
  }
  const loading = { exports: {} as { instructions?: string } };
  try {
    process.dlopen(loading, file);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    console.error(
      `Karenina's own operations for TensorFlow do not load, so that training is slower: ${reason}. Run ` +
        "`npm run setup`.",
    );
    return undefined;
  }
  const { instructions = "plain" } = loading.exports;
  here[LOADED] = { file, instructions };
  return instructions;
}

/** The file that belongs to this library's sources, or the one that set-up tries. */
function ownFile(): string | undefined {
  try {
    return process.env.KARENINA_OPERATIONS_FILE || (operationsFile() ?? undefined);
  } catch {
    return undefined; // no package of that name
  }
}
