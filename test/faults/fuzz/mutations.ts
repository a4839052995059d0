import fc from "fast-check";

/** Texts that upset readers: extremes of numbers, names of built-in properties, odd characters. */
export const nastyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("", " ", "\0", "\r\n", "\ufeff", "__proto__", "constructor", "toString"),
  fc.constantFrom("NaN", "Infinity", "-Infinity", "1e999", "-0", "0x10", "1_000", "9".repeat(40)),
  fc.constantFrom(
    "../../etc/passwd",
    "file:///etc/passwd",
    "%00",
    "\ud800",
    "🙂",
    "a".repeat(5000),
  ),
);

/** Any value that JSON can hold, the awkward ones often. */
export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  nastyText,
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, [], {}, [[]], [null]),
);

/** A change of some bytes: flipped, cut off, doubled, put in or put in place of others. */
export type Mutation = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, flip]) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) {
      changed[Math.floor(at * changed.length)] ^= flip;
    }
    return changed;
  }),
  place.map((at) => (bytes: Buffer) => bytes.subarray(0, Math.floor(at * bytes.length))),
  fc.tuple(place, place).map(
    ([from, to]) =>
      (bytes: Buffer) =>
        Buffer.concat([
          bytes.subarray(0, Math.floor(from * bytes.length)),
          bytes.subarray(Math.floor(to * bytes.length)),
        ]),
  ),
  fc
    .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 40 }))
    .map(([at, more]) => (bytes: Buffer) => {
      const cut = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, cut), more, bytes.subarray(cut)]);
    }),
);

/** One to four changes, one after the other. */
export const mutations: fc.Arbitrary<Mutation> = fc
  .array(mutation, { minLength: 1, maxLength: 4 })
  .map((all) => (bytes: Buffer) => all.reduce((changed, each) => each(changed), bytes));

/** Every path to a value inside a JSON value, the value itself left out. */
export function pathsIn(value: unknown, before: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inside]) => {
    const here = [...before, key];
    return [here, ...pathsIn(inside, here)];
  });
}

/** A copy of a JSON value with one place replaced, taken out, or given a neighbour. */
export function changedAt(
  value: unknown,
  path: readonly string[],
  kind: "replace" | "remove" | "add",
  other: unknown,
): unknown {
  const copy = structuredClone(value);
  let parent = copy as Record<string, unknown>;
  for (const step of path.slice(0, -1)) {
    parent = parent[step] as Record<string, unknown>;
  }
  const key = path.at(-1)!;
  if (kind === "remove") {
    delete parent[key];
  } else {
    parent[kind === "add" ? `${key}x` : key] = other;
  }
  return copy;
}

export const changeKind = fc.constantFrom("replace", "replace", "remove", "add");
