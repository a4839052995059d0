const warned = new Set<string>();

/**
 * Says once in a process that a name is going to leave the library, and what to write in its place.
 * The old name goes on working for one release.
 *
 * @param old as the caller wrote it, such as "getBatches(codes, 50, 50)"
 * @param current what to write, such as "sequenceBatches(codes, { batchSize: 50, steps: 50 })"
 */
export function warnOnce(old: string, current: string): void {
  if (warned.has(old)) {
    return;
  }
  warned.add(old);
  console.warn(`karenina: ${old} is deprecated and will go in the next release. Write ${current}.`);
}
