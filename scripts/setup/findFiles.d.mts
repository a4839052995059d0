/** Paths relative to the folder, with "/" on every platform, sorted; hidden files are left out. */
export function findFiles(folder: string, accepts: (relativePath: string) => boolean): string[];
