import type { Declaration } from "./declaration";
import type { TopLevel } from "./declarations";
import { RUNTIME_NAME } from "./instrument";
import { placeOf } from "./lateNames";

/**
 * What stands in front of a cell's text when it runs: the places of the names that it reads late,
 * its own imports, and accessors through which all others reach what it declares. Its own variables
 * stay what they are, as fast as in any function.
 *
 * @param placed the names whose places it needs
 * @param merged those of its namespaces that extend the object which their name stands for already
 * @param unwritten earlier names and imports that the emitted code uses, though the text does not
 *   mention them: what makes the elements of JSX
 */
export function cellHeader(
  placed: Iterable<string>,
  { declarations }: TopLevel,
  merged: readonly string[],
  unwritten: readonly string[] = [],
): string {
  const places = [...new Set(placed)].map(
    (name) => `const ${placeOf(name)} = ${RUNTIME_NAME}.at(${JSON.stringify(name)});`,
  );
  const extended = merged.map(
    (name) => `var ${name} = ${RUNTIME_NAME}.at(${JSON.stringify(name)}).${name};`,
  );
  const values = [...declarations.values()].filter(({ meanings }) => meanings.value);
  const imports = values.flatMap(({ name, imported }) =>
    imported ? [importClause(name, imported)] : [],
  );
  const share =
    values.length > 0 ? [`${RUNTIME_NAME}.share({${values.map(accessors).join(",")}});`] : [];
  const local = [...new Set(unwritten)].map((name) => `const ${name} = ${placeOf(name)}.${name};`);
  return [...places, ...extended, ...imports, ...share, ...local].join("");
}

/** A cell reads its own imports from their names' places, like those of other cells. */
function importClause(
  name: string,
  { specifier, name: there }: NonNullable<Declaration["imported"]>,
): string {
  const exported = /^[\w$]+$/.test(there) ? there : JSON.stringify(there);
  const clause = there === "*" ? `* as ${imported(name)}` : `{${exported} as ${imported(name)}}`;
  return `import ${clause} from ${JSON.stringify(specifier)};`;
}

function imported(name: string): string {
  return `${RUNTIME_NAME}_import_${name}`;
}

/**
 * A variable that its cell has not come to yet still stands for what an earlier cell gave the name:
 * reading it then is the one thing in the accessor that can fail.
 */
function accessors(declared: Declaration): string {
  const { name, hoisted } = declared;
  const key = JSON.stringify(name);
  if (declared.imported) {
    return `get ${name}(){return ${imported(name)};},${refusal(name)}`;
  }
  if (hoisted) {
    return `get ${name}(){return ${name};},set ${name}(__value){${name}=__value;}`;
  }
  const get = `get ${name}(){try{return ${name};}catch(__error){return ${RUNTIME_NAME}.earlier(${key},__error);}}`;
  const set = isConstant(declared)
    ? refusal(name)
    : `set ${name}(__value){try{${name}=__value;}catch(__error){${RUNTIME_NAME}.setEarlier(${key},__value,__error);}}`;
  return `${get},${set}`;
}

/** Code that the checker has not looked at may assign to anything. These are the engine's words. */
function refusal(name: string): string {
  return `set ${name}(__value){throw new TypeError("Assignment to constant variable.");}`;
}

/** By JavaScript's rules classes and enums are variables. */
function isConstant({ mutable, meanings }: Declaration): boolean {
  return !mutable && !meanings.type && !meanings.namespace;
}
