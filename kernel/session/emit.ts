import type ts from "typescript";
import { TypeScriptError, toCellDiagnostic } from "./diagnostics";
import { Edits } from "./edits";
import { instrument } from "./instrument";
import type { MappedSource } from "./stack";
import type { TypeScript } from "./typescript";

/** Code ready to be compiled by V8. */
export interface Emitted {
  javascript: string;
  source: MappedSource;
}

/** Turns TypeScript, already instrumented, into CommonJS. */
export function emitCommonJs(
  ts: TypeScript,
  options: ts.CompilerOptions,
  code: { text: string; original: string; file: string; toOriginal(offset: number): number },
): Emitted {
  const { outputText, sourceMapText } = ts.transpileModule(code.text, {
    fileName: code.file,
    compilerOptions: options,
  });
  return {
    javascript: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
    source: {
      sourceMap: sourceMapText ?? "",
      edited: code.text,
      original: code.original,
      toOriginal: code.toOriginal,
    },
  };
}

/**
 * Emits one of the user's own modules.
 *
 * @throws TypeScriptError where the file has a syntax error
 */
export function emitModule(
  ts: TypeScript,
  options: ts.CompilerOptions,
  file: string,
  text: string,
  folder: string,
): Emitted {
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const errors = syntaxErrors(parsed);
  if (errors.length > 0) {
    throw new TypeScriptError(errors.map((error) => toCellDiagnostic(ts, error, folder)));
  }
  const edits = new Edits();
  instrument(ts, parsed, edits);
  const edited = edits.apply(text);
  return emitCommonJs(ts, options, {
    text: edited.text,
    original: text,
    file,
    toOriginal: edited.toOriginal,
  });
}

/** A parsed file's syntax errors, which the compiler keeps on it without saying so in its types. */
export function syntaxErrors(file: ts.SourceFile): ts.DiagnosticWithLocation[] {
  const { parseDiagnostics } = file as { parseDiagnostics?: ts.DiagnosticWithLocation[] };
  return parseDiagnostics ?? [];
}
