import type ts from "typescript";
import type { TypeScript } from "../host";

/** The innermost node of a file that covers a position; the file itself where none does. */
export function nodeAt(ts: TypeScript, file: ts.SourceFile, position: number): ts.Node {
  const inner = (node: ts.Node): ts.Node => {
    const child = ts.forEachChild(node, (each) =>
      each.getStart(file) <= position && position < each.end ? each : undefined,
    );
    return child ? inner(child) : node;
  };
  return inner(file);
}

/** What is called by the innermost call that holds a position, as far as it has been written. */
export function calleeAround(
  ts: TypeScript,
  file: ts.SourceFile,
  position: number,
): ts.Expression | undefined {
  // An unfinished call ends with its last token, which may lie before the position.
  const lastToken = file.text.slice(0, position).trimEnd().length - 1;
  for (const at of [position, lastToken]) {
    for (let node = nodeAt(ts, file, at); !ts.isSourceFile(node); node = node.parent) {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const { expression } = node;
        if (expression.end < position) {
          return expression;
        }
      }
    }
  }
  return undefined;
}

/**
 * The files that declare what a node stands for, and so may hold its doc comment: those of the
 * symbol, of what can be called in it, and of what it overrides.
 */
export function declaringFiles(
  ts: TypeScript,
  checker: ts.TypeChecker,
  node: ts.Node,
): Set<string> {
  const files = new Set<string>();
  if (ts.isSourceFile(node)) {
    return files;
  }
  const seen = new Set<ts.Declaration>();
  const add = (symbol: ts.Symbol | undefined): void => {
    const target =
      symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    target?.declarations?.forEach(addDeclaration);
  };
  const addDeclaration = (declaration: ts.Declaration | undefined): void => {
    if (!declaration || seen.has(declaration)) {
      return;
    }
    seen.add(declaration);
    files.add(declaration.getSourceFile().fileName);
    const { parent } = declaration;
    if (parent && (ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent))) {
      const name = ts.getNameOfDeclaration(declaration);
      for (const type of parent.heritageClauses?.flatMap((clause) => clause.types) ?? []) {
        add(name && checker.getTypeAtLocation(type).getProperty(name.getText()));
      }
    }
  };
  add(checker.getSymbolAtLocation(node));
  add(expectedProperty(ts, checker, node));
  for (const signature of signaturesOf(ts, checker, node)) {
    addDeclaration(signature.declaration as ts.Declaration | undefined);
  }
  return files;
}

/** How what a node stands for can be called. */
export function signaturesOf(
  ts: TypeScript,
  checker: ts.TypeChecker,
  node: ts.Node,
): readonly ts.Signature[] {
  // The checker fails where it is asked about a comment or a space between statements.
  if (ts.isSourceFile(node)) {
    return [];
  }
  const type = checker.getTypeAtLocation(node);
  return [...type.getCallSignatures(), ...type.getConstructSignatures()];
}

/** For a name in an object literal, the property that is expected there. */
function expectedProperty(
  ts: TypeScript,
  checker: ts.TypeChecker,
  node: ts.Node,
): ts.Symbol | undefined {
  const literal = node.parent?.parent;
  return literal && ts.isObjectLiteralExpression(literal) && ts.isIdentifier(node)
    ? checker.getContextualType(literal)?.getProperty(node.text)
    : undefined;
}
