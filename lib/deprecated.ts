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

/**
 * Options under their present names where they were given under former ones, each of which is said once.
 * A present name wins over its former one.
 *
 * @param call the function's name, for the warning
 * @param names the present name of each former one
 */
export function withPresentNames<Options extends object>(
  call: string,
  options: Options,
  names: Readonly<Record<string, keyof Options & string>>,
): Options {
  // What is no object is refused by whoever reads the options.
  if (typeof options !== "object" || options === null) {
    return options;
  }
  const present: Record<string, unknown> = Object.fromEntries(Object.entries(options));
  for (const [former, name] of Object.entries(names)) {
    if (present[former] !== undefined) {
      warnOnce(`${call}({ ${former} })`, `${call}({ ${name} })`);
      present[name] ??= present[former];
    }
    delete present[former];
  }
  return present as Options;
}
