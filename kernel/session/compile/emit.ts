import type ts from "typescript";
import type { MappedSource } from "../run/stack";
import { watchCatches } from "./catchClauses";
import { TypeScriptError, toCellDiagnostic } from "./diagnostics";
import { type EditedText, Edits } from "./edits";
import type { EmitCache } from "./emitCache";
import { exportedPatterns } from "./exportedPatterns";
import { instrument } from "./instrument";
import { parseModule } from "./parse";
import type { TypeScript } from "./typescript";

/** Code ready to be compiled by V8. */
export interface Emitted {
  javascript: string;
  source: MappedSource;
}

/** To be raised when the same text is emitted differently: emitted modules are kept on disk. */
export const EMISSION = 5;

/** Code to be emitted. */
interface EmittableCode {
  text: string;
  original: string;
  file: string;
  /** Is it an ES module even if it imports and exports nothing? Default: as its file's name says. */
  isModule?: boolean;
  toOriginal(offset: number): number;
}

/** Turns TypeScript, already instrumented, into CommonJS. */
export function emitCommonJs(
  ts: TypeScript,
  options: ts.CompilerOptions,
  code: EmittableCode,
): Emitted {
  // In files of these names the compiler leaves the syntax of ES modules as it is.
  const isModule = /\.m[jt]s$/.test(code.file) || code.isModule === true;
  const { outputText, sourceMapText } = ts.transpileModule(code.text, {
    fileName: code.file.replace(/\.m([jt]s)$/, ".$1"),
    compilerOptions: {
      ...options,
      ...(isModule && { moduleDetection: ts.ModuleDetectionKind.Force }),
    },
    transformers: { before: [exportedPatterns(ts)] },
  });
  const javascript = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  return {
    javascript,
    source: {
      javascript,
      sourceMap: sourceMapText ?? "",
      edited: code.text,
      original: code.original,
      toOriginal: code.toOriginal,
    },
  };
}

/** One of the user's own modules, emitted. */
export interface EmittedModule extends Emitted {
  /** The modules that it requires. */
  requires: string[];
}

/**
 * Emits one of the user's own modules, or finds it in the cache.
 *
 * @param folder paths in errors are shown from here
 * @throws TypeScriptError where the file has a syntax error
 */
export function emitModule(
  ts: TypeScript,
  options: ts.CompilerOptions,
  module: { file: string; text: string },
  folder: string,
  cache: EmitCache,
): EmittedModule {
  const { file } = module;
  const text = withoutShebang(module.text);
  const key = cache.key(file, text);
  const known = cache.get(key);
  if (known) {
    return {
      ...known,
      source: lazySource(text, known, () => edit(ts, parse(ts, { file, text }))),
    };
  }
  const parsed = parse(ts, { file, text });
  const errors = syntaxErrors(parsed);
  if (errors.length > 0) {
    throw new TypeScriptError(errors.map((error) => toCellDiagnostic(ts, error, folder)));
  }
  const edited = edit(ts, parsed);
  const emitted = emitCommonJs(ts, options, {
    text: edited.text,
    original: text,
    file,
    toOriginal: edited.toOriginal,
  });
  const { javascript, source } = emitted;
  const requires = ts
    .preProcessFile(javascript, true, true)
    .importedFiles.map(({ fileName }) => fileName);
  cache.put(key, { javascript, sourceMap: source.sourceMap, requires });
  return { ...emitted, requires };
}

/**
 * A text without what may stand only at the very beginning of a file: a byte order mark and the line
 * that names an interpreter. All else stays where it is.
 */
export function withoutShebang(text: string): string {
  return text.replace(/^\uFEFF/, " ").replace(/^( ?)#!/, "$1//");
}

function parse(ts: TypeScript, { file, text }: { file: string; text: string }): ts.SourceFile {
  return parseModule(ts, file, text);
}

function edit(ts: TypeScript, parsed: ts.SourceFile): EditedText {
  const edits = new Edits();
  instrument(ts, parsed, edits);
  watchCatches(ts, parsed, edits);
  return edits.apply(parsed.text);
}

/** For a stack trace, which most modules never figure in, the edits are made once more. */
function lazySource(
  original: string,
  { javascript, sourceMap }: { javascript: string; sourceMap: string },
  redo: () => EditedText,
): MappedSource {
  let made: EditedText | undefined;
  const edited = () => {
    made ??= redo();
    return made;
  };
  return {
    javascript,
    sourceMap,
    original,
    get edited() {
      return edited().text;
    },
    toOriginal: (offset) => edited().toOriginal(offset),
  };
}

/** A parsed file's syntax errors, which the compiler keeps on it without saying so in its types. */
export function syntaxErrors(file: ts.SourceFile): ts.DiagnosticWithLocation[] {
  const { parseDiagnostics } = file as { parseDiagnostics?: ts.DiagnosticWithLocation[] };
  return parseDiagnostics ?? [];
}
