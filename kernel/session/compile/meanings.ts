/**
 * TypeScript's three spaces of names. `type User = ...` leaves a value `User` alone, a class is a
 * value and a type, a namespace of types is neither.
 */
export interface Meanings {
  value: boolean;
  type: boolean;
  namespace: boolean;
}

export const SPACES = ["value", "type", "namespace"] as const;

/** For each space, who gives a name its meaning there. */
export interface Owners<D> {
  value?: D;
  type?: D;
  namespace?: D;
  /** The class or function that the value, a namespace, was merged with. */
  merged?: D;
}

/** What the owners of a name must say of themselves. */
export interface Meant {
  meanings: Meanings;
  /** May a namespace of a later cell be merged with it, as with a class and a function? */
  mergeable: boolean;
  /** Is it a namespace that holds values? */
  extends: boolean;
}

/**
 * The owners of a name after one more declaration of it, as TypeScript has it within one file where
 * declarations agree, and otherwise the newest takes over:
 *
 * - a value replaces the earlier value together with all that this one meant;
 * - a pure type (interface, alias, namespace of types) leaves an earlier value visible, and a value
 *   an earlier pure type;
 * - a namespace with values is merged with an earlier class or function.
 */
export function ownersAfter<D extends Meant>(owners: Owners<D>, declaration: D): Owners<D> {
  const after = { ...owners };
  const { meanings } = declaration;
  if (meanings.value) {
    if (declaration.extends && owners.value?.mergeable) {
      after.merged = owners.value;
    } else {
      for (const space of SPACES) {
        if (after[space] === owners.value || after[space] === owners.merged) {
          delete after[space];
        }
      }
      delete after.merged;
    }
  }
  for (const space of SPACES) {
    if (meanings[space]) {
      after[space] = declaration;
    }
  }
  return after;
}

/** Everyone who gives a name a meaning. */
export function allOwners<D extends object>({ value, type, namespace, merged }: Owners<D>): D[] {
  return [...new Set([value, type, namespace, merged])].filter(
    (owner): owner is D => owner !== undefined,
  );
}
