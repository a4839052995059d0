import type ts from "typescript";
import type { TypeScript } from "./typescript";

/**
 * The modules that a file imports for more than types, in order. TypeScript leaves out imports that
 * are not used as values, but a cell that only imports is expected to load what it imports, and to
 * fail there if that fails.
 */
export function valueImports(
  ts: TypeScript,
  program: ts.Program,
  file: ts.SourceFile | undefined,
): string[] {
  const checker = program.getTypeChecker();
  const specifiers = new Set<string>();
  const isValue = (name: ts.Identifier): boolean => {
    const symbol = checker.getSymbolAtLocation(name);
    if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) {
      return true;
    }
    const target = checker.getAliasedSymbol(symbol);
    // A module without types is unknown to the checker: it may well hold values.
    return target.escapedName === "unknown" || (target.flags & ts.SymbolFlags.Value) !== 0;
  };
  for (const statement of file?.statements ?? []) {
    if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      const bindings = clause?.namedBindings;
      const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
      const names = [
        ...(clause?.name ? [clause.name] : []),
        ...(bindings && ts.isNamespaceImport(bindings) ? [bindings.name] : []),
        ...elements.filter((element) => !element.isTypeOnly).map(({ name }) => name),
      ];
      if (!clause || (!clause.isTypeOnly && names.some(isValue))) {
        specifiers.add((statement.moduleSpecifier as ts.StringLiteral).text);
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
  return [...specifiers].filter((specifier) => !specifier.startsWith("cell:"));
}
