import {
  allOwners,
  type Declaration,
  type Meanings,
  type Owners,
  type TypeParameters,
} from "./declaration";

/** A name of the session: what it is and which cell declared it last. */
export interface SessionName extends Declaration {
  cell: number;
}

/** What a cell of a given number exports one of its names as. */
export function exportedName(name: string, cell: number): string {
  return `${name}$${cell}`;
}

/** Do several cells give a name its meanings? */
export function isSplit(owners: Owners<SessionName>): boolean {
  return allOwners(owners).length > 1;
}

/**
 * How the checker sees a name whose value, type and namespace come from different cells, or of which
 * the cell itself declares a part. An import can bring one declaration only, and nothing beside what
 * it conflicts with, so the others are declared to be what they are elsewhere.
 *
 * @param options `assigned`: the text assigns to it, so it must be a variable; `local`: what the
 *   text declares the name to mean
 * @returns what to import from the session, and the declarations behind that import
 */
export function splitName(
  name: string,
  owners: Owners<SessionName>,
  { assigned = false, local }: { assigned?: boolean; local?: Meanings } = {},
): { imports: string[]; declarations: string } {
  const { value, type, namespace, merged } = owners;
  const imports = new Set<string>();
  const imported = (owner: SessionName) => {
    const alias = `__session_${owner.cell}_${name}`;
    imports.add(`${exportedName(name, owner.cell)} as ${alias}`);
    return alias;
  };
  // Whatever is no value may be imported under its own name, beside which a value can be declared.
  const whole = local
    ? undefined
    : [namespace, type].find((owner) => owner && !owner.meanings.value && owner !== value);
  if (whole) {
    imports.add(`type ${exportedName(name, whole.cell)} as ${name}`);
  }
  let declarations = "";
  if (value && !local?.value) {
    const types = [value, ...(merged ? [merged] : [])].map((owner) => `typeof ${imported(owner)}`);
    declarations += ` declare ${assigned ? "let" : "const"} ${name}: ${types.join(" & ")};`;
  }
  if (type && type !== whole && !local?.type) {
    declarations += ` type ${alias(name, type.typeParameters, imported(type))};`;
  }
  if (namespace && namespace !== whole && namespace.types.length > 0 && !local?.namespace) {
    const from = imported(namespace);
    const types = namespace.types.map(
      (each) => `export type ${alias(each.name, each.typeParameters, `${from}.${each.name}`)};`,
    );
    declarations += ` declare namespace ${name} { ${types.join(" ")} }`;
  }
  return { imports: [...imports], declarations };
}

/** `Box<T extends object> = Other<T>` */
function alias(name: string, { text, names }: TypeParameters, target: string): string {
  return text === "" ? `${name} = ${target}` : `${name}<${text}> = ${target}<${names}>`;
}
