import type ts from "typescript";
import type { TypeScript } from "../host";
import { type Declaration, declaration } from "./declaration";
import type { Edits } from "./edits";
import { RUNTIME_NAME } from "./instrument";
import { syntaxErrors } from "./parse";

/** The name of the last result of all. */
const LAST = "_";

/**
 * The names by which later cells reach the result of a cell: `_` and, where it is called
 * `cell-12.ts`, `_12`. Where `_` is a name of the user's own (lodash is often imported so), it stays
 * that. Cells that are not counted give their results to nobody.
 *
 * @param own does the user call something so?
 */
export function resultNames(cell: string, own: (name: string) => boolean): string[] {
  const [, count] = /^cell-(\d+)\.ts$/.exec(cell) ?? [];
  return count === undefined ? [] : [LAST, LAST + count].filter((name) => !own(name));
}

/** What a session knows of such a name. */
export function resultDeclaration(name: string): Declaration {
  return declaration(name, { value: true }, { result: true });
}

/** A cell's last statement, where that is an expression: its value is the cell's result. */
export function resultOf(ts: TypeScript, file: ts.SourceFile): ts.ExpressionStatement | undefined {
  const last = file.statements.at(-1);
  return last && ts.isExpressionStatement(last) ? last : undefined;
}

/** Has running code keep the result of its cell. */
export function keepResult(file: ts.SourceFile, last: ts.ExpressionStatement, edits: Edits): void {
  edits.open(last.getStart(file), `${RUNTIME_NAME}.value = (`);
  edits.close(last.expression.end, ")");
}

/** A variable that stands for the result in the text that is checked. Messages call it `_`. */
const RESULT = `${RUNTIME_NAME}__`;

/**
 * Lets the checker find out the type of the result: as that of a variable that it is put into, so
 * that `5` is a number and may be put where other numbers are.
 *
 * @param names as of {@link resultNames}
 * @returns what is to stand behind the cell's text
 */
export function typeResult(
  file: ts.SourceFile,
  last: ts.ExpressionStatement,
  names: readonly string[],
  edits: Edits,
): string {
  if (names.length === 0 || syntaxErrors(file).length > 0) {
    return "";
  }
  edits.open(last.getStart(file), `let ${RESULT} = (`);
  edits.close(last.expression.end, ")");
  const type = `${RESULT}value`;
  const exported = names.map((name) => `${type} as ${name}`);
  // As the kernel does. The type `Awaited` says the same and takes a tenth of a small cell's time.
  return `const ${type} = await ${RESULT};export {${exported.join(",")}};`;
}
