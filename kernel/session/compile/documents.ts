import type ts from "typescript";
import type { TypeScript } from "./typescript";

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
