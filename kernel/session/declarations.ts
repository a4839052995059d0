import type ts from "typescript";
import type { TypeScript } from "./typescript";

/** A name that a cell declares or imports at its top level. */
export interface Declaration {
  name: string;
  /** May later cells assign to it? */
  mutable: boolean;
  /** Has it a value from the start of the cell (functions) or none at all (types)? */
  hoisted: boolean;
  /** For an import: the module, and the name there (`*` for all of it, `default`). */
  imported?: { specifier: string; name: string; typeOnly: boolean };
}

/**
 * A statement such as `let best;` or `const losses = [];`: what type its variables have, the compiler
 * finds out from what the cell does with them. It does so only where they are not exported.
 */
export interface EvolvingStatement {
  /** Its place in {@link TopLevel.exportPositions}. */
  position: number;
  /** The variables of that kind. */
  names: string[];
  /** The other variables that it declares. */
  others: string[];
}

/** What the top level of a cell declares. */
export interface TopLevel {
  declarations: Map<string, Declaration>;
  /** Where `export ` must stand so that later cells see the declaration. */
  exportPositions: number[];
  /** The statements among them that the checker may not see exported. */
  evolving: EvolvingStatement[];
  /** The modules that the cell itself imports statically, in order. */
  imports: string[];
  /** Does it add to the global scope or to another module? Later cells must see that too. */
  augments: boolean;
}

/** Reads a cell's top-level declarations. */
export function readTopLevel(ts: TypeScript, file: ts.SourceFile): TopLevel {
  const result: TopLevel = {
    declarations: new Map(),
    exportPositions: [],
    evolving: [],
    imports: [],
    augments: false,
  };
  const declare = (declaration: Declaration) => {
    result.declarations.set(declaration.name, declaration);
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      readImport(ts, statement, result, declare);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      readImportEquals(ts, file, statement, result, declare);
    } else if (ts.isVariableStatement(statement)) {
      readVariables(ts, file, statement, result, declare);
    } else if (ts.isModuleDeclaration(statement) && !isNamespace(ts, statement)) {
      result.augments = true;
    } else if (isNamedDeclaration(ts, statement) && statement.name) {
      const hoisted =
        ts.isFunctionDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement);
      declare({ name: statement.name.text, mutable: false, hoisted });
      addExport(ts, file, statement, result);
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
      result.imports.push((statement.moduleSpecifier as ts.StringLiteral).text);
    }
  }
  return result;
}

type NamedDeclaration =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | (ts.ModuleDeclaration & { name: ts.Identifier });

function isNamedDeclaration(ts: TypeScript, node: ts.Statement): node is NamedDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

/** `namespace N {}`, as against `declare global {}` and `declare module "x" {}`. */
function isNamespace(ts: TypeScript, node: ts.ModuleDeclaration): boolean {
  return ts.isIdentifier(node.name) && !(node.flags & ts.NodeFlags.GlobalAugmentation);
}

function addExport(
  ts: TypeScript,
  file: ts.SourceFile,
  statement: ts.Statement,
  result: TopLevel,
): void {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  if (modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) {
    return;
  }
  const decorators = ts.canHaveDecorators(statement) ? (ts.getDecorators(statement) ?? []) : [];
  const last = decorators.at(-1);
  if (!last) {
    result.exportPositions.push(statement.getStart(file));
    return;
  }
  // After the decorators, where both kinds of decorators allow it.
  const rest = file.text.slice(last.end);
  const comments = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(rest);
  result.exportPositions.push(last.end + (comments?.[0].length ?? 0));
}

function readVariables(
  ts: TypeScript,
  file: ts.SourceFile,
  statement: ts.VariableStatement,
  result: TopLevel,
  declare: (declaration: Declaration) => void,
): void {
  const flags = statement.declarationList.flags & ts.NodeFlags.BlockScoped;
  // `using` resources are disposed of when the cell ends: nothing is left to share.
  if (flags === ts.NodeFlags.Using || flags === ts.NodeFlags.AwaitUsing) {
    return;
  }
  const mutable = flags !== ts.NodeFlags.Const;
  const names: string[] = [];
  const visit = (name: ts.BindingName) => {
    if (ts.isIdentifier(name)) {
      declare({ name: name.text, mutable, hoisted: false });
      names.push(name.text);
      return;
    }
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) {
        visit(element.name);
      }
    }
  };
  for (const declaration of statement.declarationList.declarations) {
    visit(declaration.name);
  }
  const before = result.exportPositions.length;
  addExport(ts, file, statement, result);
  const evolving = statement.declarationList.declarations.flatMap((declaration) =>
    evolvingName(ts, declaration, mutable),
  );
  const isAmbient = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  if (evolving.length > 0 && !isAmbient && result.exportPositions.length > before) {
    result.evolving.push({
      position: result.exportPositions[before],
      names: evolving,
      others: names.filter((name) => !evolving.includes(name)),
    });
  }
}

/** The variable's name, if the compiler follows its type from assignment to assignment. */
function evolvingName(
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

function readImport(
  ts: TypeScript,
  statement: ts.ImportDeclaration,
  result: TopLevel,
  declare: (declaration: Declaration) => void,
): void {
  const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
  const clause = statement.importClause;
  if (!clause?.isTypeOnly) {
    result.imports.push(specifier);
  }
  const add = (local: ts.Identifier, name: string, typeOnly: boolean) =>
    declare({
      name: local.text,
      mutable: false,
      hoisted: true,
      imported: { specifier, name, typeOnly },
    });
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

/** `import x = require("y")` is an import; `import x = A.B` declares a name. */
function readImportEquals(
  ts: TypeScript,
  file: ts.SourceFile,
  statement: ts.ImportEqualsDeclaration,
  result: TopLevel,
  declare: (declaration: Declaration) => void,
): void {
  const name = statement.name.text;
  if (ts.isExternalModuleReference(statement.moduleReference)) {
    result.imports.push((statement.moduleReference.expression as ts.StringLiteral).text);
  }
  declare({ name, mutable: false, hoisted: false });
  addExport(ts, file, statement, result);
}
