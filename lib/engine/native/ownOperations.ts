import fs from "node:fs";
import { operationsFile } from "../../host/node/operationsFile.cjs";
import { nativeBinding } from "../tensorflow";

// The operations of cpp/, which set-up compiles where it finds a compiler. Loading the file registers them
// with the TensorFlow of this process; from then on they are called as its own are. Where the file is not
// there or does not load, the engine does without.

/** A network's weights and states in the add-on: see cpp/stepper.h. */
export type OwnStepper = { readonly isStepper: unique symbol };

/** What the add-on gives besides the operations. */
export interface OwnAddOn {
  /** The instruction set whose operations were registered. */
  instructions: string;
  createLstm(sizes: Int32Array, arrays: Float32Array[]): OwnStepper;
  createTransformer(
    sizes: Int32Array,
    scalars: Float32Array,
    arrays: (Float32Array | undefined)[],
  ): OwnStepper;
  /** @param logits is written to, where it is given */
  step(stepper: OwnStepper, ids: Int32Array, place: number, logits?: Float32Array): void;
  reset(stepper: OwnStepper): void;
  dispose(stepper: OwnStepper): void;
}

/** One for a process: TensorFlow takes an operation's name once, whatever copy of the library asks. */
const LOADED = Symbol.for("karenina.operations");
type Process = { [LOADED]?: { file: string; addOn: OwnAddOn } };

let known: OwnAddOn | undefined;
let tried = false;

/**
 * The instruction set whose operations are loaded, "avx512", "avx2" or "plain"; undefined where there are
 * none. The environment variable KARENINA_OPERATIONS chooses: "off" none, "avx2" or "plain" these, where the
 * processor has them.
 */
export function ownOperations(): string | undefined {
  return ownAddOn()?.instructions;
}

/** The add-on that registered them; undefined where there are none. */
export function ownAddOn(): OwnAddOn | undefined {
  if (!tried) {
    tried = true;
    known = process.env.KARENINA_OPERATIONS === "off" ? undefined : load(ownFile());
  }
  return known;
}

/**
 * Registers the operations of a file.
 *
 * @returns the add-on; undefined, after a line that says why, where they do not load
 */
function load(file: string | undefined): OwnAddOn | undefined {
  const here = process as Process;
  if (here[LOADED]) {
    return here[LOADED].file === file ? here[LOADED].addOn : undefined;
  }
  if (file === undefined || nativeBinding() === undefined || !fs.existsSync(file)) {
    return undefined;
  }
  const loading = { exports: { instructions: "plain" } as OwnAddOn };
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
  here[LOADED] = { file, addOn: loading.exports };
  return loading.exports;
}

/** The file that belongs to this library's sources, or the one that set-up tries. */
function ownFile(): string | undefined {
  try {
    return process.env.KARENINA_OPERATIONS_FILE || (operationsFile() ?? undefined);
  } catch {
    return undefined; // no package of that name
  }
}
