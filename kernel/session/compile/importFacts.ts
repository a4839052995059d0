import type ts from "typescript";
import type { Meanings } from "./meanings";
import type { TypeScript } from "./typescript";

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
   * Where `type ` must stand so that the emitter, which sees the cell alone, knows of a name that it
   * is no value: otherwise it would hide a global value of that name.
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
    if (clause.name && !bindings && !clause.isTypeOnly && !values[0]) {
      typePositions.push(clause.getStart(file));
    }
    for (const element of elements) {
      const typeOnly = clause.isTypeOnly || element.isTypeOnly;
      const value = isValue(element.name, typeOnly);
      values.push(value);
      if (!value && !typeOnly) {
        typePositions.push(element.getStart(file));
      }
    }
    if (values.includes(true)) {
      specifiers.add(specifier);
    }
  };
  for (const statement of file?.statements ?? []) {
    if (ts.isImportDeclaration(statement)) {
      // What we put in front of a cell ourselves is none of its own.
      if (!(statement.moduleSpecifier as ts.StringLiteral).text.startsWith("cell:")) {
        read(statement);
      }
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
      if (!statement.isTypeOnly) {
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
