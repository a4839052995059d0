import type ts from "typescript";
import type { KeptTexts, TypeScript } from "../host";
import { TypeScriptError, toCellDiagnostic } from "./diagnostics";
import { type EditedText, Edits } from "./edits";
import { exportedPatterns } from "./exportedPatterns";
import { instrument } from "./instrument";
import { parseModule, syntaxErrors, withoutShebang } from "./parse";

/** What is needed to find the place in the user's text from a place in the running code. */
export interface MappedSource {
  /** The running code. */
  javascript: string;
  /** The compiler's source map as JSON: from the running code to the edited text. */
  sourceMap: string;
  /** The text as the compiler saw it. */
  edited: string;
  /** The text as the user wrote it. */
  original: string;
  /** Where the user's text begins in the edited one. */
  start: number;
  toOriginal(offset: number): number;
  /** Is what stands at an offset of the edited text the user's? */
  isWritten(offset: number): boolean;
}

/** Code ready to be compiled by V8. */
export interface Emitted {
  javascript: string;
  source: MappedSource;
}

/** To be raised when the same text is emitted differently: emitted modules are kept. */
const EMISSION = 8;

/** Code to be emitted. */
interface EmittableCode {
  text: string;
  original: string;
  file: string;
  /** Is it an ES module even if it imports and exports nothing? Default: as its file's name says. */
  isModule?: boolean;
  /** Where the user's text begins. Default: at its beginning. */
  start?: number;
  /** Is JSX to be read in it, whatever its file's name says? */
  elements?: boolean;
  toOriginal(offset: number): number;
  isWritten(offset: number): boolean;
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
    fileName: code.file
      .replace(/\.m([jt]s)$/, ".$1")
      .replace(/\.ts$/, code.elements ? ".tsx" : ".ts"),
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
      start: code.start ?? 0,
      toOriginal: code.toOriginal,
      isWritten: code.isWritten,
    },
  };
}

/** One of the user's own modules, emitted. */
export interface EmittedModule extends Emitted {
  /** The modules that it requires when it is loaded, and not only once one of its functions is called. */
  requires: string[];
}

/** What is kept of it. */
type KeptModule = Pick<EmittedModule, "javascript" | "requires"> & { sourceMap: string };

/**
 * Emits one of the user's own modules, or finds it among those that are kept.
 *
 * @param nameOf what errors call a file
 * @throws TypeScriptError where the file has a syntax error
 */
export function emitModule(
  ts: TypeScript,
  options: ts.CompilerOptions,
  module: { file: string; text: string },
  nameOf: (file: string) => string,
  kept: KeptTexts,
): EmittedModule {
  const { file } = module;
  const text = withoutShebang(module.text);
  const key = [JSON.stringify([ts.version, options, EMISSION]), file, text];
  const known = readKept(kept.get(key));
  if (known) {
    return {
      ...known,
      source: lazySource(text, known, () => edit(ts, parseModule(ts, file, text))),
    };
  }
  const parsed = parseModule(ts, file, text);
  const errors = syntaxErrors(parsed);
  if (errors.length > 0) {
    throw new TypeScriptError(errors.map((error) => toCellDiagnostic(ts, error, nameOf)));
  }
  const edited = edit(ts, parsed);
  const emitted = emitCommonJs(ts, options, {
    text: edited.text,
    original: text,
    file,
    toOriginal: edited.toOriginal,
    isWritten: edited.isWritten,
  });
  const { javascript, source } = emitted;
  const requires = requiredAtOnce(ts, javascript);
  const keep: KeptModule = { javascript, sourceMap: source.sourceMap, requires };
  kept.put(key, JSON.stringify(keep));
  return { ...emitted, requires };
}

function requiredAtOnce(ts: TypeScript, javascript: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      return;
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const [specifier] = node.arguments;
      if (node.expression.text === "require" && specifier && ts.isStringLiteralLike(specifier)) {
        found.push(specifier.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("emitted.js", javascript, ts.ScriptTarget.Latest));
  return found;
}

function readKept(text: string | undefined): KeptModule | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as KeptModule);
  } catch {
    // The file is damaged, as by a full disk: the module is emitted again.
    return undefined;
  }
}

function edit(ts: TypeScript, parsed: ts.SourceFile): EditedText {
  const edits = new Edits();
  instrument(ts, parsed, edits);
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
    start: 0,
    get edited() {
      return edited().text;
    },
    toOriginal: (offset) => edited().toOriginal(offset),
    isWritten: (offset) => edited().isWritten(offset),
  };
}
