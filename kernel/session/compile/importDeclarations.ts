import type ts from "typescript";
import { type Declaration, declaration } from "./declaration";
import type { TypeScript } from "./typescript";

/** What a name may mean that comes from elsewhere, as long as the checker has not said. */
const ANYTHING = { value: true, type: true, namespace: true };
const NO_VALUE = { value: false, type: true, namespace: true };

/** `import a, { b as c, type D } from "e"`, with all that may be left out. */
export function readImport(
  ts: TypeScript,
  statement: ts.ImportDeclaration,
  imports: string[],
  declare: (declaration: Declaration) => void,
): void {
  const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
  const clause = statement.importClause;
  if (!clause?.isTypeOnly) {
    imports.push(specifier);
  }
  const add = (local: ts.Identifier, name: string, typeOnly: boolean) =>
    declare(
      declaration(local.text, typeOnly ? NO_VALUE : ANYTHING, {
        hoisted: true,
        imported: { specifier, name },
      }),
    );
  if (!clause) {
    return;
  }
  if (clause.name) {
    add(clause.name, "default", clause.isTypeOnly);
  }
  if (clause.namedBindings && ts.isNamespaceImport(clause.namedBindings)) {
    add(clause.namedBindings.name, "*", clause.isTypeOnly);
  } else if (clause.namedBindings) {
    for (const element of clause.namedBindings.elements) {
      add(
        element.name,
        (element.propertyName ?? element.name).text,
        clause.isTypeOnly || element.isTypeOnly,
      );
    }
  }
}

/** `import x = require("y")` loads a module; `import x = A.B` only declares a name. */
export function readImportEquals(
  ts: TypeScript,
  statement: ts.ImportEqualsDeclaration,
  imports: string[],
  declare: (declaration: Declaration) => void,
): void {
  if (ts.isExternalModuleReference(statement.moduleReference)) {
    imports.push((statement.moduleReference.expression as ts.StringLiteral).text);
  }
  declare(declaration(statement.name.text, ANYTHING));
}
