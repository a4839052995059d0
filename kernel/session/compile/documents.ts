import type ts from "typescript";
import type { Paths, TypeScript } from "../host";

interface Document {
  file: ts.SourceFile;
  version: string;
}

type SourceOptions = ts.CreateSourceFileOptions | ts.ScriptTarget;

/**
 * Keeps the parsed files of a session's programs.
 *
 * It stands in for TypeScript's own registry, which shares files among many projects, for two
 * reasons: it is asked for every file of the program whenever a cell changes, so it must be quick;
 * and it leaves doc comments unparsed where nobody is likely to read them (a third of the time that
 * the declarations of packages and of the standard library take to parse).
 */
export class Documents implements ts.DocumentRegistry {
  private readonly documents = new Map<string, Document>();

  /** @param documented are a file's doc comments wanted? When that changes, so must its version. */
  constructor(
    private readonly ts: TypeScript,
    private readonly documented: (file: string) => boolean,
  ) {}

  /** The parsed file. It is parsed where that has not been done, or where it has changed. */
  read(
    file: string,
    { snapshot, version }: { snapshot: ts.IScriptSnapshot; version: string },
    options: SourceOptions = this.ts.ScriptTarget.Latest,
    scriptKind?: ts.ScriptKind,
  ): ts.SourceFile {
    const known = this.documents.get(file);
    const format = typeof options === "object" ? options.impliedNodeFormat : undefined;
    if (known?.version === version && known.file.impliedNodeFormat === format) {
      return known.file;
    }
    const parsed = this.ts.createLanguageServiceSourceFile(
      file,
      snapshot,
      this.parsing(file, options),
      version,
      false,
      scriptKind,
    );
    this.documents.set(file, { file: parsed, version });
    return parsed;
  }

  acquireDocument(
    file: string,
    _settings: unknown,
    snapshot: ts.IScriptSnapshot,
    version: string,
    scriptKind?: ts.ScriptKind,
    options?: SourceOptions,
  ): ts.SourceFile {
    return this.read(file, { snapshot, version }, options, scriptKind);
  }

  updateDocument = this.acquireDocument;

  acquireDocumentWithKey(
    file: string,
    _path: ts.Path,
    settings: unknown,
    _key: unknown,
    ...parameters: [ts.IScriptSnapshot, string, ts.ScriptKind?, SourceOptions?]
  ): ts.SourceFile {
    return this.acquireDocument(file, settings, ...parameters);
  }

  updateDocumentWithKey = this.acquireDocumentWithKey;

  /** A session has one set of options. */
  getKeyForCompilationSettings(): ts.DocumentRegistryBucketKey {
    return "session" as unknown as ts.DocumentRegistryBucketKey;
  }

  /** Files that a program drops, for one of the same package and version say, come back. */
  releaseDocument(): void {}

  releaseDocumentWithKey(): void {}

  reportStats(): string {
    return `${this.documents.size} files`;
  }

  private parsing(file: string, given: SourceOptions): SourceOptions {
    // TypeScript before 5.3 parses all doc comments.
    const modes = this.ts.JSDocParsingMode as typeof ts.JSDocParsingMode | undefined;
    if (!modes || this.documented(file)) {
      return given;
    }
    const options = typeof given === "object" ? given : { languageVersion: given };
    return { ...options, jsDocParsingMode: modes.ParseNone };
  }
}

interface Preparation {
  paths: Paths;
  options: ts.CompilerOptions;
  host: ts.ModuleResolutionHost;
  resolutions: ts.ModuleResolutionCache;
  /** The file that a specifier stands for, seen from another file. */
  resolve(specifier: string, file: string): string | undefined;
  /** Parses a file and keeps it for the program. */
  read(file: string, parsing: ts.CreateSourceFileOptions): ts.SourceFile | undefined;
}

/** What the compiler has, but does not tell of in its types. */
interface Internals {
  bindSourceFile?: (file: ts.SourceFile, options: ts.CompilerOptions) => void;
  getSetExternalModuleIndicator?: (options: ts.CompilerOptions) => (file: ts.SourceFile) => void;
}

/** The modules that a file imports: a guess that need not be right. */
const IMPORT = /\b(?:from|import\()\s*["']((?!node:)[^"']+)["']/g;

/**
 * Parses and binds files and those that they import or refer to, one at each step, so that other
 * things can be done in between. It finds files by a shorter way than the compiler; what it misses,
 * the compiler reads when it makes the program.
 */
export function* preparation(
  ts: TypeScript,
  files: readonly string[],
  { paths, options, host, resolutions, resolve, read }: Preparation,
): Generator<void, void> {
  const { bindSourceFile, getSetExternalModuleIndicator } = ts as unknown as Internals;
  const setExternalModuleIndicator = getSetExternalModuleIndicator?.(options);
  const packages = resolutions.getPackageJsonInfoCache();
  const waiting = [...files];
  const seen = new Set(waiting);
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const parsed = read(file, {
      languageVersion: options.target ?? ts.ScriptTarget.Latest,
      impliedNodeFormat: ts.getImpliedNodeFormatForFile(file, packages, host, options),
      ...(setExternalModuleIndicator && { setExternalModuleIndicator }),
    });
    if (!parsed) {
      continue;
    }
    bindSourceFile?.(parsed, options);
    const specifiers = [...parsed.text.matchAll(IMPORT)].map(([, specifier]) => specifier);
    const next = [
      ...parsed.referencedFiles.map(({ fileName }) => paths.join(paths.dirname(file), fileName)),
      ...specifiers.flatMap((specifier) => resolve(specifier, file) ?? []),
    ];
    for (const each of next) {
      if (!seen.has(each)) {
        seen.add(each);
        waiting.push(each);
      }
    }
    yield;
  }
}

/** The files of the packages below `@types` that the options let in. */
export function automaticTypes(
  ts: TypeScript,
  options: ts.CompilerOptions,
  folder: string,
  host: ts.ModuleResolutionHost,
  paths: Paths,
): string[] {
  const from = paths.join(
    options.configFilePath ? paths.dirname(String(options.configFilePath)) : folder,
    "noop.ts",
  );
  return ts
    .getAutomaticTypeDirectiveNames(options, host)
    .flatMap(
      (name) =>
        ts.resolveTypeReferenceDirective(name, from, options, host).resolvedTypeReferenceDirective
          ?.resolvedFileName ?? [],
    );
}
