import type ts from "typescript";
import { projectFor } from "./projectReferences";
import type { TypeScript } from "./typescript";

/** The compiler's settings for one session. */
export interface SessionOptions {
  /** For checking and for the editor's help. */
  check: ts.CompilerOptions;
  /** For emitting the CommonJS that runs. */
  emit: ts.CompilerOptions;
  /** The project's own declaration files, which cells see as they see the standard library. */
  ambientFiles: string[];
  /** The tsconfig.json in force, where there is one. */
  configFile?: string;
  /** What is wrong with that tsconfig.json. */
  configErrors: string[];
}

/**
 * The settings of the tsconfig.json found from `folder` upwards over the defaults (strict, ES2023).
 * Where it only refers to others, as in projects made by Vite, those of one of them; see
 * {@link projectFor}.
 *
 * Only what a notebook cannot do without is forced: cells are modules, found the way bundlers find
 * them, so that packages with `exports`, ESM-only packages and paths with or without extension all
 * resolve; nothing is written; unused names are no error, because the next cell may use them.
 */
export function readOptions(ts: TypeScript, folder: string): SessionOptions {
  let configFile = ts.findConfigFile(folder, ts.sys.fileExists);
  const errors: ts.Diagnostic[] = [];
  let project: ts.CompilerOptions = {};
  let ambientFiles: string[] = [];
  if (configFile) {
    for (const part of projectFor(ts, configFile, folder)) {
      configFile = part.file;
      // A project without a single TypeScript file yet (18003) is a fine place for a notebook.
      errors.push(...part.errors.filter(({ code }) => code !== 18002 && code !== 18003));
      project = { ...project, ...part.options };
      ambientFiles = part.fileNames.filter((file) => /\.d\.[cm]?ts$/.test(file));
    }
  }
  const defaults: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    esModuleInterop: true,
    resolveJsonModule: true,
    allowJs: true,
    skipLibCheck: true,
  };
  const merged = { ...defaults, ...project };
  const check: ts.CompilerOptions = {
    ...merged,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    isolatedModules: false,
    verbatimModuleSyntax: false,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
    declaration: false,
    declarationMap: false,
    composite: false,
    incremental: false,
    rootDir: undefined,
    rootDirs: project.rootDirs,
    noLib: false,
  };
  return {
    check,
    emit: emitOptions(ts, merged),
    ambientFiles,
    configFile,
    configErrors: errors.map((error) => ts.flattenDiagnosticMessageText(error.messageText, "\n")),
  };
}

/** What the project says about the shape of the emitted code; the rest follows from Node. */
function emitOptions(ts: TypeScript, merged: ts.CompilerOptions): ts.CompilerOptions {
  const target = merged.target ?? ts.ScriptTarget.ES2023;
  return {
    target: ts.ScriptTarget.ES2022,
    // Class fields mean what the project's own target makes them mean.
    useDefineForClassFields: merged.useDefineForClassFields ?? target >= ts.ScriptTarget.ES2022,
    experimentalDecorators: merged.experimentalDecorators,
    emitDecoratorMetadata: merged.emitDecoratorMetadata,
    jsx: merged.jsx === ts.JsxEmit.Preserve ? ts.JsxEmit.React : merged.jsx,
    jsxFactory: merged.jsxFactory,
    jsxFragmentFactory: merged.jsxFragmentFactory,
    jsxImportSource: merged.jsxImportSource,
    module: ts.ModuleKind.CommonJS,
    // Exported names that a pattern declares are taken from any iterable, not only from arrays.
    downlevelIteration: true,
    esModuleInterop: true,
    allowJs: true,
    sourceMap: true,
    removeComments: false,
  };
}
