import type ts from "typescript";
import type { TypeScript } from "../host";

/** What can make a file a module; without it nothing needs to be parsed. */
const MODULE = /\b(?:import|export)\b/;

/**
 * The declaration files among a project's files that say something to code which does not import
 * them: they are in the compiler's program for each cell.
 *
 * A module that only exports is not one of them, as `lib/contents.d.cts` beside `lib/contents.cjs`.
 * It would take what it imports along: a single `typeof import("@tensorflow/tfjs")` is 600 files,
 * which the compiler goes through again for each cell.
 */
export function ambientFiles(ts: TypeScript, files: readonly string[]): string[] {
  return files.filter((file) => /\.d\.[cm]?ts$/.test(file) && isAmbient(ts, file));
}

function isAmbient(ts: TypeScript, file: string): boolean {
  const text = ts.sys.readFile(file);
  if (text === undefined || !MODULE.test(text)) {
    return true;
  }
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const referred = [
    ...parsed.referencedFiles,
    ...parsed.typeReferenceDirectives,
    ...parsed.libReferenceDirectives,
  ];
  return (
    !ts.isExternalModule(parsed) ||
    referred.length > 0 ||
    parsed.statements.some((statement) => isGlobal(ts, statement) || bringsGlobals(ts, statement))
  );
}

/** `declare global`, `declare module "x"` and `export as namespace X`. */
function isGlobal(ts: TypeScript, statement: ts.Statement): boolean {
  return (
    ts.isNamespaceExportDeclaration(statement) ||
    (ts.isModuleDeclaration(statement) &&
      (ts.isStringLiteral(statement.name) ||
        (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0))
  );
}

/** `import "x"` and `import type {} from "x"`, written for what is global in another file. */
function bringsGlobals(ts: TypeScript, statement: ts.Statement): boolean {
  if (!ts.isImportDeclaration(statement)) {
    return false;
  }
  const { importClause } = statement;
  const names = importClause?.namedBindings;
  return (
    importClause === undefined ||
    (importClause.name === undefined &&
      names !== undefined &&
      ts.isNamedImports(names) &&
      names.elements.length === 0)
  );
}
