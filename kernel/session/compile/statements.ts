import type ts from "typescript";
import type { TypeScript } from "../host";
import { type Declaration, declaration, type TypeParameters } from "./declaration";

type NamedDeclaration =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | (ts.ModuleDeclaration & { name: ts.Identifier });

export function isNamedDeclaration(ts: TypeScript, node: ts.Statement): node is NamedDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

export function readNamed(ts: TypeScript, node: NamedDeclaration, name: string): Declaration {
  const typeParameters = parametersOf(ts, node);
  if (ts.isFunctionDeclaration(node)) {
    return declaration(name, { value: true }, { hoisted: true, mergeable: true });
  }
  if (ts.isClassDeclaration(node)) {
    return declaration(name, { value: true, type: true }, { mergeable: true, typeParameters });
  }
  if (ts.isEnumDeclaration(node)) {
    return declaration(name, { value: true, type: true, namespace: true });
  }
  if (ts.isModuleDeclaration(node)) {
    const value = holdsValues(ts, node);
    return declaration(
      name,
      { value, namespace: true },
      { hoisted: !value, extends: value, types: exportedTypes(ts, node) },
    );
  }
  return declaration(name, { type: true }, { hoisted: true, typeParameters });
}

/** Does a namespace exist at run time? Only one of nothing but types does not. */
function holdsValues(ts: TypeScript, { body }: ts.ModuleDeclaration): boolean {
  if (!body || !ts.isModuleBlock(body)) {
    return body !== undefined && ts.isModuleDeclaration(body) && holdsValues(ts, body);
  }
  return body.statements.some((statement) =>
    ts.isModuleDeclaration(statement)
      ? holdsValues(ts, statement)
      : !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement),
  );
}

/** The types directly within a namespace, with their type parameters. */
function exportedTypes(
  ts: TypeScript,
  { body }: ts.ModuleDeclaration,
): { name: string; typeParameters: TypeParameters }[] {
  if (!body || !ts.isModuleBlock(body)) {
    return [];
  }
  return body.statements.flatMap((statement) => {
    const isType =
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement);
    return isType && statement.name && modifiersOf(ts, statement).has(ts.SyntaxKind.ExportKeyword)
      ? [{ name: statement.name.text, typeParameters: parametersOf(ts, statement) }]
      : [];
  });
}

function parametersOf(ts: TypeScript, node: ts.Statement): TypeParameters {
  const { typeParameters = [] } = node as {
    typeParameters?: ts.NodeArray<ts.TypeParameterDeclaration>;
  };
  const printer = ts.createPrinter({ removeComments: true });
  const print = (parameter: ts.Node) =>
    printer.printNode(ts.EmitHint.Unspecified, parameter, node.getSourceFile());
  return {
    // On one line, as it will stand in one.
    text: Array.from(typeParameters, print).join(", ").replace(/\s+/g, " "),
    names: Array.from(typeParameters, ({ name }) => name.text).join(", "),
  };
}

/** A node's modifiers by kind. */
export function modifiersOf(ts: TypeScript, node: ts.Node): Map<ts.SyntaxKind, ts.Modifier> {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return new Map(modifiers.map((modifier) => [modifier.kind, modifier]));
}

/** `namespace N {}`, as against `declare global {}` and `declare module "x" {}`. */
export function isNamespace(ts: TypeScript, node: ts.ModuleDeclaration): boolean {
  return ts.isIdentifier(node.name) && !(node.flags & ts.NodeFlags.GlobalAugmentation);
}

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

/** The names that `var` declares more than once outside functions, as scripts may. */
export function repeatedVariables(ts: TypeScript, file: ts.SourceFile): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  forEachVar(ts, file.statements, ({ declarations }) => {
    for (const { name } of declarations) {
      forEachName(ts, name, (text) => {
        (seen.has(text) ? repeated : seen).add(text);
      });
    }
  });
  return repeated;
}

function forEachName(ts: TypeScript, name: ts.BindingName, look: (text: string) => void): void {
  if (ts.isIdentifier(name)) {
    look(name.text);
    return;
  }
  for (const element of name.elements) {
    if (ts.isBindingElement(element)) {
      forEachName(ts, element.name, look);
    }
  }
}

/** Looks at each list of `var` in statements, but not at those of functions. */
function forEachVar(
  ts: TypeScript,
  statements: readonly ts.Statement[],
  look: (list: ts.VariableDeclarationList) => void,
): void {
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) {
      return;
    }
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) {
      look(node);
    }
    ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
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
  const blocks = file.statements.filter((statement) => !ts.isVariableStatement(statement));
  forEachVar(ts, blocks, (list) => {
    // What a loop iterates over gives its variable a type at once.
    const iterates = ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent);
    for (const variable of list.declarations) {
      const evolving = !iterates && evolvingName(ts, variable, true).length > 0;
      forEachName(ts, variable.name, (name) => {
        found.set(name, evolving && (found.get(name) ?? true));
      });
    }
  });
  return Array.from(found, ([name, evolving]) => ({ name, evolving }));
}
