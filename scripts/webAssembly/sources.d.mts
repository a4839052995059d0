/** The source and all headers that it needs, as [name, text], in the order in which they are met. */
export function sources(): [name: string, text: string][];

/** Stands for the sources and for how they are compiled. Comments and empty lines change nothing. */
export function hashOfSources(): string;

/** The modules by name, the best first, with what is special about each. */
export const VARIANTS: Record<string, string[]>;
