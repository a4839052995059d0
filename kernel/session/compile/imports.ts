import type ts from "typescript";
import type { TypeScript } from "../host";
import { type Declaration, declaration, type Meanings } from "./declaration";

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

/** What the checker knows of a cell's own imports. */
export interface ImportFacts {
  /**
   * The modules that are imported for more than types, in order. TypeScript leaves out imports that
   * are not used as values, but a cell that only imports is expected to load what it imports, and to
   * fail there if that fails.
   */
  specifiers: string[];
  meanings: Map<string, Meanings>;
  /**
   * Where `type ` must stand so that the emitter leaves the cell's own imports out: it reads them
   * from their names' places, like those of other cells.
   */
  typePositions: number[];
}

export function readImports(
  ts: TypeScript,
  program: ts.Program,
  file: ts.SourceFile | undefined,
): ImportFacts {
  const checker = program.getTypeChecker();
  const specifiers = new Set<string>();
  const meanings = new Map<string, Meanings>();
  const typePositions: number[] = [];
  const read = (statement: ts.ImportDeclaration) => {
    const { text: specifier } = statement.moduleSpecifier as ts.StringLiteral;
    const clause = statement.importClause;
    if (!clause) {
      specifiers.add(specifier);
      return;
    }
    const bindings = clause.namedBindings;
    const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
    const all = bindings && ts.isNamespaceImport(bindings) ? bindings.name : undefined;
    const isValue = (name: ts.Identifier | undefined, typeOnly = clause.isTypeOnly) => {
      const found = name && meaningsOf(ts, checker, name);
      if (found) {
        meanings.set(name.text, found);
      }
      return !typeOnly && (found?.value ?? false);
    };
    // Each is asked, because each is noted.
    const values = [isValue(clause.name), isValue(all)];
    if (!clause.isTypeOnly) {
      typePositions.push(clause.getStart(file));
    }
    for (const element of elements) {
      const typeOnly = clause.isTypeOnly || element.isTypeOnly;
      values.push(isValue(element.name, typeOnly));
    }
    if (values.includes(true)) {
      specifiers.add(specifier);
    }
  };
  for (const statement of file?.statements ?? []) {
    if (ts.isImportDeclaration(statement)) {
      if (!isOurs(statement.moduleSpecifier)) {
        read(statement);
      }
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
      if (!statement.isTypeOnly && !isOurs(statement.moduleSpecifier)) {
        specifiers.add((statement.moduleSpecifier as ts.StringLiteral).text);
      }
    } else if (
      ts.isImportEqualsDeclaration(statement) &&
      ts.isExternalModuleReference(statement.moduleReference)
    ) {
      specifiers.add((statement.moduleReference.expression as ts.StringLiteral).text);
    }
  }
  return { specifiers: [...specifiers], meanings, typePositions };
}

/** What we put in front of a cell and behind it is none of its own. */
function isOurs(specifier: ts.Expression): boolean {
  return (specifier as ts.StringLiteral).text.startsWith("cell:");
}

function meaningsOf(ts: TypeScript, checker: ts.TypeChecker, name: ts.Identifier): Meanings {
  const symbol = checker.getSymbolAtLocation(name);
  const isAlias = symbol && symbol.flags & ts.SymbolFlags.Alias;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : undefined;
  // A module without types is unknown to the checker: it may well hold values.
  const flags = target && target.escapedName !== "unknown" ? target.flags : ~0;
  return {
    // Of a class too that is imported as a type: as within one file, it leaves no room for a value.
    value: (flags & ts.SymbolFlags.Value) !== 0,
    type: (flags & ts.SymbolFlags.Type) !== 0,
    namespace: (flags & ts.SymbolFlags.Namespace) !== 0,
  };
}
