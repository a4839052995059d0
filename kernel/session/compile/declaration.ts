import type { Meanings, Meant } from "./meanings";

/** A name that a cell declares or imports at its top level. */
export interface Declaration extends Meant {
  name: string;
  /** May later cells assign to it? */
  mutable: boolean;
  /** Has it a value from the start of the cell (functions) or none at all (types)? */
  hoisted: boolean;
  /** For an import: the module, and the name there (`*` for all of it, `default`). */
  imported?: { specifier: string; name: string };
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
