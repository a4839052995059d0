import type ts from "typescript";
import type { TypeScript } from "./typescript";

interface Document {
  file: ts.SourceFile;
  version: string;
}

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

  acquireDocumentWithKey(
    fileName: string,
    path: ts.Path,
    _settings: unknown,
    _key: unknown,
    snapshot: ts.IScriptSnapshot,
    version: string,
    scriptKind?: ts.ScriptKind,
    options?: ts.CreateSourceFileOptions | ts.ScriptTarget,
  ): ts.SourceFile {
    const known = this.documents.get(path);
    if (known?.version === version) {
      return known.file;
    }
    const file = this.ts.createLanguageServiceSourceFile(
      fileName,
      snapshot,
      this.parsing(fileName, options),
      version,
      false,
      scriptKind,
    );
    this.documents.set(path, { file, version });
    return file;
  }

  updateDocumentWithKey = this.acquireDocumentWithKey;

  acquireDocument(
    fileName: string,
    settings: unknown,
    snapshot: ts.IScriptSnapshot,
    version: string,
    scriptKind?: ts.ScriptKind,
    options?: ts.CreateSourceFileOptions | ts.ScriptTarget,
  ): ts.SourceFile {
    const path = fileName as ts.Path;
    return this.acquireDocumentWithKey(
      fileName,
      path,
      settings,
      undefined,
      snapshot,
      version,
      scriptKind,
      options,
    );
  }

  updateDocument = this.acquireDocument;

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

  private parsing(
    file: string,
    given: ts.CreateSourceFileOptions | ts.ScriptTarget = this.ts.ScriptTarget.Latest,
  ): ts.CreateSourceFileOptions | ts.ScriptTarget {
    // TypeScript before 5.3 parses all doc comments.
    const modes = this.ts.JSDocParsingMode as typeof ts.JSDocParsingMode | undefined;
    if (!modes || this.documented(file)) {
      return given;
    }
    const options = typeof given === "object" ? given : { languageVersion: given };
    return { ...options, jsDocParsingMode: modes.ParseNone };
  }
}
