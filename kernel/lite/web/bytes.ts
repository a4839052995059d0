// What cells and the library write: whole files, by their whole paths. Each write puts other bytes in
// the place of the old ones, so bytes that are still the same object have not changed.
export const bytes = new Map<string, Uint8Array>();

/** Folders that somebody has made; those that files lie in are there besides. */
export const folders = new Set<string>(["/", "/home", "/home/notebooks", "/tmp"]);

const ages = new WeakMap<Uint8Array, number>();
let newest = 0;

/** Grows with each write, as a time of change does. */
export function ageOf(content: Uint8Array): number {
  const age = ages.get(content) ?? ++newest;
  ages.set(content, age);
  return age;
}
