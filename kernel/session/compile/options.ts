import type ts from "typescript";
import type { Paths, SessionHost, TypeScript } from "../host";
import { ambientFiles } from "./ambientFiles";
import { emittedJsx } from "./elements";

/** The compiler's settings for one session. */
export interface SessionOptions {
  /** For checking and for the editor's help. */
  check: ts.CompilerOptions;
  /** For emitting the CommonJS that runs. */
  emit: ts.CompilerOptions;
  /** Those of the project's declaration files that cells see as they see the standard library. */
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
export function readOptions(ts: TypeScript, folder: string, paths: Paths): SessionOptions {
  let configFile = ts.findConfigFile(folder, ts.sys.fileExists);
  const errors: ts.Diagnostic[] = [];
  let project: ts.CompilerOptions = {};
  let files: string[] = [];
  if (configFile) {
    for (const part of projectFor(ts, configFile, folder, paths)) {
      configFile = part.file;
      // A project without a single TypeScript file yet (18003) is a fine place for a notebook.
      errors.push(...part.errors.filter(({ code }) => code !== 18002 && code !== 18003));
      project = { ...project, ...part.options };
      files = part.fileNames;
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
    ambientFiles: ambientFiles(ts, files),
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
    jsx: emittedJsx(ts, merged),
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

/**
 * The files that declare what Node has, which every cell runs on: the project's own, or else the host's. None where the compiler takes the project's by itself; TypeScript 6 does so only where
 * `types` in tsconfig.json names them.
 */
export function platformTypes(
  ts: TypeScript,
  { check }: SessionOptions,
  folder: string,
  { paths, typesFolder }: SessionHost,
): string[] {
  const host = { ...ts.sys, getCurrentDirectory: () => folder };
  const find = (from: string, options: typeof check) =>
    ts.resolveTypeReferenceDirective("node", paths.join(from, "noop.ts"), options, host)
      .resolvedTypeReferenceDirective?.resolvedFileName;
  const found = find(folder, check);
  if (found && ts.getAutomaticTypeDirectiveNames(check, host).includes("node")) {
    return [];
  }
  const file = found ?? find(typesFolder, {});
  return file ? [file] : [];
}

/** A tsconfig.json and what it says. */
interface Project extends ts.ParsedCommandLine {
  file: string;
}

/**
 * The tsconfig.json files whose settings hold for notebooks in a folder, the last above all. That is
 * the given one alone, unless it has no files of its own and only refers to other projects. Then it
 * is followed by one of those: the first whose `include` covers the folder, or else the first that
 * includes a folder at all (`src`, as against a few files), or else the first.
 */
function projectFor(ts: TypeScript, file: string, folder: string, paths: Paths): Project[] {
  const root = read(ts, file, paths);
  const references = referred(ts, root, paths, new Set([file]));
  const chosen =
    references.find((project) => covers(project, folder, paths)) ??
    references.find(
      ({ wildcardDirectories = {} }) => Object.keys(wildcardDirectories).length > 0,
    ) ??
    references[0];
  return chosen ? [root, chosen] : [root];
}

/** The projects that one without files of its own refers to, directly or by others of its kind. */
function referred(ts: TypeScript, project: Project, paths: Paths, seen: Set<string>): Project[] {
  if (project.fileNames.length > 0) {
    return [];
  }
  return (project.projectReferences ?? []).flatMap((reference) => {
    const file = ts.resolveProjectReferencePath(reference);
    if (seen.has(file) || !ts.sys.fileExists(file)) {
      return [];
    }
    seen.add(file);
    const other = read(ts, file, paths);
    const further = referred(ts, other, paths, seen);
    return further.length > 0 ? further : [other];
  });
}

function read(ts: TypeScript, file: string, paths: Paths): Project {
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(
    config ?? {},
    ts.sys,
    paths.dirname(file),
    undefined,
    file,
  );
  return { ...parsed, file, errors: [...(error ? [error] : []), ...parsed.errors] };
}

/** Would a file in the folder be among those that the project includes? */
function covers({ wildcardDirectories = {} }: Project, folder: string, paths: Paths): boolean {
  return Object.entries(wildcardDirectories).some(([included, flags]) => {
    const path = paths.relative(included, folder);
    const below = path !== "" && !path.startsWith("..") && !paths.isAbsolute(path);
    return path === "" || (below && flags === RECURSIVE);
  });
}

/** The compiler's WatchDirectoryFlags.Recursive. */
const RECURSIVE = 1;
