/** The folder of the C++ sources. */
export const SOURCES: string;

/** The folder of the headers that they include and that know no machine. */
export const SHARED: string;

/** The compiler's flags for every file. */
export const FLAGS: string[];

/**
 * The instruction sets that the kernels are compiled for and the flags of each; undefined for a family of
 * processors that they are not written for.
 *
 * @param architecture as Node.js names it, default that of this process
 */
export function variantsFor(architecture?: string): Record<string, string[]> | undefined;

/**
 * The file of the operations that belong to these sources, whether or not it is there. Null where the
 * library came without its C++ sources.
 *
 * @param tfjsNode the folder of the package @tensorflow/tfjs-node; default: where this library finds it
 */
export function operationsFile(tfjsNode?: string): string | null;
