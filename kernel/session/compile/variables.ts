import type ts from "typescript";
import type { TypeScript } from "./typescript";

/** The variable's name, if the compiler follows its type from assignment to assignment. */
export function evolvingName(
  ts: TypeScript,
  { name, type, initializer, exclamationToken }: ts.VariableDeclaration,
  mutable: boolean,
): string[] {
  if (type || exclamationToken || !ts.isIdentifier(name)) {
    return [];
  }
  const isEmpty =
    !initializer ||
    initializer.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(initializer) && initializer.text === "undefined");
  const isEmptyList =
    initializer && ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0;
  return (mutable && isEmpty) || isEmptyList ? [name.text] : [];
}

/**
 * The names that `var` declares within the blocks and loops of a cell. As in a script they belong to
 * the whole of it, and so to later cells; those within functions do not.
 *
 * @returns each once; `evolving`: see {@link evolvingName}
 */
export function nestedVariables(
  ts: TypeScript,
  file: ts.SourceFile,
): { name: string; evolving: boolean }[] {
  const found = new Map<string, boolean>();
  const bind = (name: ts.BindingName, evolving: boolean): void => {
    if (ts.isIdentifier(name)) {
      found.set(name.text, evolving && (found.get(name.text) ?? true));
    } else {
      for (const element of name.elements) {
        if (ts.isBindingElement(element)) {
          bind(element.name, false);
        }
      }
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) {
      return;
    }
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) {
      // What a loop iterates over gives its variable a type at once.
      const iterates = ts.isForInStatement(node.parent) || ts.isForOfStatement(node.parent);
      for (const variable of node.declarations) {
        bind(variable.name, !iterates && evolvingName(ts, variable, true).length > 0);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) {
      visit(statement);
    }
  }
  return Array.from(found, ([name, evolving]) => ({ name, evolving }));
}
