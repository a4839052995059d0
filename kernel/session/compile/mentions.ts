import type ts from "typescript";
import type { TypeScript } from "../host";

/** A place in a cell's text where a value of the session stands under its name. */
export interface Mention {
  name: string;
  /** In the text that the checker saw. */
  node: ts.Identifier;
  /** Who declares it: an earlier cell, an import of this one, or this one itself. */
  from: "earlier" | "import" | "own";
  /** Is it within a function, which may run when other cells have declared the name again? */
  inFunction: boolean;
}

/** The part of a checked file that the user wrote. */
export interface UserPart {
  file: ts.SourceFile;
  start: number;
  end: number;
}

/**
 * All mentions of the session's values in a cell, as the checker resolves them: a parameter or a
 * block's variable of the same name is none, nor is a property, nor a type.
 *
 * @param part the user's part: declarations in front of it stand for those of earlier cells
 */
export function findMentions(
  ts: TypeScript,
  checker: ts.TypeChecker,
  { file, start, end }: UserPart,
): Mention[] {
  const mentions: Mention[] = [];

  /** @param classes the names by which the classes around know themselves, whatever happens outside */
  function visit(node: ts.Node, inFunction: boolean, classes: readonly string[]): void {
    if (isType(ts, node) || isDeclaredElsewhere(ts, node)) {
      return;
    }
    if (ts.isIdentifier(node)) {
      mention(node, inFunction, classes);
      return;
    }
    const within = inFunction || runsLater(ts, node);
    const named =
      ts.isClassDeclaration(node) && node.name && ts.isSourceFile(node.parent)
        ? [...classes, node.name.text]
        : classes;
    ts.forEachChild(node, (child) => visit(child, within, named));
  }

  function mention(node: ts.Identifier, inFunction: boolean, classes: readonly string[]): void {
    const { parent } = node;
    if ((parent as { name?: ts.Node }).name === node && !ts.isShorthandPropertyAssignment(parent)) {
      return;
    }
    const symbol = ts.isShorthandPropertyAssignment(parent)
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : checker.getSymbolAtLocation(node);
    const declaration = symbol?.declarations?.find((one) => isOfFile(ts, one, file));
    if (!declaration) {
      return;
    }
    const from =
      declaration.getStart(file) < start ? "earlier" : isImport(ts, declaration) ? "import" : "own";
    if (!(from === "own" && classes.includes(node.text))) {
      mentions.push({ name: node.text, node, from, inFunction });
    }
  }

  for (const statement of file.statements) {
    if (statement.getStart(file) >= start && statement.getStart(file) < end) {
      visit(statement, false, []);
    }
  }
  return mentions;
}

/** The names of earlier cells that a cell uses as types. */
export function typesUsed(
  ts: TypeScript,
  checker: ts.TypeChecker,
  { file, start, end }: UserPart,
): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node, inType: boolean): void => {
    if (inType && ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      const isEarlier = symbol?.declarations?.some(
        (one) => one.getSourceFile() === file && one.getStart(file) < start,
      );
      if (isEarlier) {
        names.add(node.text);
      }
    }
    const within = inType || isType(ts, node);
    ts.forEachChild(node, (child) => visit(child, within));
  };
  for (const statement of file.statements) {
    if (statement.getStart(file) >= start && statement.getStart(file) < end) {
      visit(statement, false);
    }
  }
  return names;
}

/** Does a part of the text run at another time than what stands around it? */
export function runsLater(ts: TypeScript, node: ts.Node): boolean {
  return (
    ts.isFunctionLike(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isClassStaticBlockDeclaration(node)
  );
}

/** Parts of a text that are gone when it runs. What a class extends counts as a type, too. */
function isType(ts: TypeScript, node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node) && ts.isHeritageClause(node.parent)) {
    return node.parent.token !== ts.SyntaxKind.ExtendsKeyword;
  }
  return (
    (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

/** Lists of imports and exports, and what is only declared to exist. */
function isDeclaredElsewhere(ts: TypeScript, node: ts.Node): boolean {
  return (
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    (ts.canHaveModifiers(node) &&
      (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword))
  );
}

/** Does a declaration belong to the top level of a file? */
function isOfFile(ts: TypeScript, declaration: ts.Declaration, file: ts.SourceFile): boolean {
  if (declaration.getSourceFile() !== file) {
    return false;
  }
  let node: ts.Node = declaration;
  while (ts.isBindingElement(node)) {
    node = node.parent.parent;
  }
  if (ts.isVariableDeclaration(node)) {
    const list = node.parent;
    return (
      ts.isVariableDeclarationList(list) &&
      !isUsing(ts, list) &&
      (list.flags & ts.NodeFlags.BlockScoped
        ? ts.isVariableStatement(list.parent) && list.parent.parent === file
        : isOutsideFunctions(ts, list))
    );
  }
  return isImport(ts, node) || (isNamed(ts, node) && node.parent === file);
}

/** Are these resources, which are in use until the cell ends and shared with nobody? */
export function isUsing(ts: TypeScript, { flags }: ts.VariableDeclarationList): boolean {
  const kind = flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing;
}

function isOutsideFunctions(ts: TypeScript, node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionLike(at) || ts.isClassLike(at) || ts.isModuleDeclaration(at)) {
      return false;
    }
  }
  return true;
}

function isNamed(ts: TypeScript, node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isImportEqualsDeclaration(node)
  );
}

function isImport(ts: TypeScript, node: ts.Node): boolean {
  return ts.isImportSpecifier(node) || ts.isImportClause(node) || ts.isNamespaceImport(node);
}
