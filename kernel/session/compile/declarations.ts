import type ts from "typescript";
import type { TypeScript } from "../host";
import { type Declaration, declaration, mergedDeclaration } from "./declaration";
import { readImport, readImportEquals } from "./imports";
import { isUsing } from "./mentions";
import {
  evolvingName,
  isNamedDeclaration,
  isNamespace,
  modifiersOf,
  nestedVariables,
  readNamed,
  repeatedVariables,
} from "./statements";

/**
 * A statement such as `let best;` or `const losses = [];`: what type its variables have, the compiler
 * finds out from what the cell does with them. It does so only where they are not exported.
 */
export interface EvolvingStatement {
  /** Its place in {@link TopLevel.exportPositions}; none for variables of inner blocks. */
  position?: number;
  /** The variables of that kind. */
  names: string[];
  /** The other variables that it declares. */
  others: string[];
}

/** What the top level of a cell declares. */
export interface TopLevel {
  declarations: Map<string, Declaration>;
  /** For the checker: where `export ` must stand so that later cells see the declaration. */
  exportPositions: number[];
  /** The declared names that no such place serves: a list at the cell's end exports them. */
  exportList: string[];
  /** The `export` and `default` of declarations that have a name, which only the checker heeds. */
  exportKeywords: { start: number; end: number }[];
  /** Names in export lists of the cell's own, where they must be distinguished from ours. */
  listedPositions: { position: number; prefix: string }[];
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
    exportList: [],
    exportKeywords: [],
    listedPositions: [],
    evolving: [],
    imports: [],
    augments: false,
  };
  const declare = (found: Declaration) => {
    const before = result.declarations.get(found.name);
    result.declarations.set(found.name, before ? mergedDeclaration(before, found) : found);
  };
  const repeated = repeatedVariables(ts, file);
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      readImport(ts, statement, result.imports, declare);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      readImportEquals(ts, statement, result.imports, declare);
      addExport(ts, file, statement, result);
    } else if (ts.isVariableStatement(statement)) {
      readVariables(ts, file, statement, repeated, result, declare);
    } else if (ts.isModuleDeclaration(statement) && !isNamespace(ts, statement)) {
      result.augments = true;
    } else if (isNamedDeclaration(ts, statement) && statement.name) {
      declare(readNamed(ts, statement, statement.name.text));
      addExport(ts, file, statement, result);
    } else if (ts.isExportDeclaration(statement)) {
      readExportList(ts, file, statement, result);
    }
  }
  for (const { name, evolving } of nestedVariables(ts, file)) {
    if (!result.declarations.has(name)) {
      declare(declaration(name, { value: true }, { mutable: true }));
      if (evolving) {
        result.evolving.push({ names: [name], others: [] });
      }
      result.exportList.push(name);
    }
  }
  return result;
}

/**
 * `export { a, b as c }`: whatever it exports, {@link addExport} has the cell export under its own
 * name. So that the two do not collide, the names listed get a prefix that nobody asks for.
 */
function readExportList(
  ts: TypeScript,
  file: ts.SourceFile,
  { exportClause, moduleSpecifier }: ts.ExportDeclaration,
  result: TopLevel,
): void {
  if (moduleSpecifier) {
    result.imports.push((moduleSpecifier as ts.StringLiteral).text);
  } else if (exportClause && ts.isNamedExports(exportClause)) {
    for (const { name, propertyName } of exportClause.elements) {
      if (ts.isIdentifier(name)) {
        result.listedPositions.push(
          propertyName
            ? { position: name.getStart(file), prefix: LISTED }
            : { position: name.end, prefix: ` as ${LISTED}${name.text}` },
        );
      }
    }
  }
}

const LISTED = "__listed_";

function addExport(
  ts: TypeScript,
  file: ts.SourceFile,
  statement: ts.Statement,
  result: TopLevel,
): void {
  const modifiers = modifiersOf(ts, statement);
  for (const [kind, keyword] of modifiers) {
    if (kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword) {
      result.exportKeywords.push({ start: keyword.getStart(file), end: keyword.end });
    }
  }
  if (modifiers.has(ts.SyntaxKind.DefaultKeyword)) {
    // Exported, but not by its name.
    const { name } = statement as { name?: ts.Identifier };
    if (name && !result.exportList.includes(name.text)) {
      result.exportList.push(name.text);
    }
    return;
  }
  if (modifiers.has(ts.SyntaxKind.ExportKeyword)) {
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
  repeated: ReadonlySet<string>,
  result: TopLevel,
  declare: (declaration: Declaration) => void,
): void {
  // `using` resources are disposed of when the cell ends: nothing is left to share.
  if (isUsing(ts, statement.declarationList)) {
    return;
  }
  const flags = statement.declarationList.flags & ts.NodeFlags.BlockScoped;
  const mutable = flags !== ts.NodeFlags.Const;
  const names: string[] = [];
  const visit = (name: ts.BindingName) => {
    if (ts.isIdentifier(name)) {
      declare(declaration(name.text, { value: true }, { mutable }));
      names.push(name.text);
      return;
    }
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) {
        visit(element.name);
      }
    }
  };
  for (const { name } of statement.declarationList.declarations) {
    visit(name);
  }
  const isMarked = modifiersOf(ts, statement).has(ts.SyntaxKind.ExportKeyword);
  if (!isMarked && names.some((name) => repeated.has(name))) {
    // What is exported where it is declared may be declared only once.
    result.exportList.push(...names.filter((name) => !result.exportList.includes(name)));
    return;
  }
  const before = result.exportPositions.length;
  addExport(ts, file, statement, result);
  const evolving = statement.declarationList.declarations.flatMap((variable) =>
    evolvingName(ts, variable, mutable),
  );
  const isAmbient = modifiersOf(ts, statement).has(ts.SyntaxKind.DeclareKeyword);
  if (evolving.length > 0 && !isAmbient && result.exportPositions.length > before) {
    result.evolving.push({
      position: result.exportPositions[before],
      names: evolving,
      others: names.filter((name) => !evolving.includes(name)),
    });
  }
}
