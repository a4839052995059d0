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

/** What a name can be to its owners. */
export const OWNED = [...SPACES, "merged"] as const;

/** Everyone who gives a name a meaning, once. */
export function allOwners<D extends object>(owners: Owners<D>): D[] {
  const all: D[] = [];
  for (const part of OWNED) {
    const owner = owners[part];
    if (owner && !all.includes(owner)) {
      all.push(owner);
    }
  }
  return all;
}

/** A name that a cell declares or imports at its top level. */
export interface Declaration extends Meant {
  name: string;
  /** May later cells assign to it? */
  mutable: boolean;
  /** Whether it has a value from the start of the cell (functions) or none at all (types). */
  hoisted: boolean;
  /** For an import: the module, and the name there (`*` for all of it, `default`). */
  imported?: { specifier: string; name: string };
  /** Does it stand for what a cell gave, and not for anything that the user has called so? */
  result?: boolean;
  typeParameters: TypeParameters;
  /** The types that a namespace exports. */
  types: { name: string; typeParameters: TypeParameters }[];
}

/** Of a generic type: what stands between its angle brackets, and the names alone. */
export interface TypeParameters {
  text: string;
  names: string;
}

export const NO_PARAMETERS: TypeParameters = { text: "", names: "" };

/** A declaration of one of the common kinds, with what is not said of it left at its default. */
export function declaration(
  name: string,
  meanings: Partial<Meanings>,
  rest: Partial<Declaration> = {},
): Declaration {
  return {
    name,
    meanings: { value: false, type: false, namespace: false, ...meanings },
    mutable: false,
    hoisted: false,
    mergeable: false,
    extends: false,
    typeParameters: NO_PARAMETERS,
    types: [],
    ...rest,
  };
}

/** Two declarations of one name in one cell, which TypeScript allows or will complain about. */
export function mergedDeclaration(a: Declaration, b: Declaration): Declaration {
  const [first, second] = a.meanings.value ? [a, b] : [b, a];
  return {
    ...second,
    ...first,
    meanings: {
      value: a.meanings.value || b.meanings.value,
      type: a.meanings.type || b.meanings.type,
      namespace: a.meanings.namespace || b.meanings.namespace,
    },
    // A namespace that extends a class of its own cell has nothing to do with an earlier one.
    extends: a.extends && b.extends,
    mergeable: a.mergeable || b.mergeable,
    typeParameters: a.typeParameters.text ? a.typeParameters : b.typeParameters,
    types: [...a.types, ...b.types],
  };
}
