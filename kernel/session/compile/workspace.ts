import type ts from "typescript";
import type { SessionHost, TypeScript } from "../host";
import { automaticTypes, Documents, preparation } from "./documents";
import type { SessionOptions } from "./options";
import { type BuiltInModule, ModuleResolution } from "./resolution";
import { isPackaged, Sources } from "./sources";
import { StandardLibrary } from "./standardLibrary";

/**
 * The compiler's program for a session.
 *
 * It is made for speed. The compiler reuses its whole program as long as the root files, and each
 * file's list of imported modules, stay as they are. So all cells are there from the beginning, as
 * placeholders that import one module, the session, and are filled in when their turn comes.
 *
 * At first the program has no types but the standard library's, which takes a quarter of the time:
 * cells that need no others can be checked with it. {@link complete} adds the rest.
 */
export class Workspace {
  readonly service: ts.LanguageService;
  readonly resolution: ModuleResolution;
  private readonly sources: Sources;
  private readonly documents: Documents;
  /** Files whose doc comments are read, though they are a package's. */
  private readonly documented = new Set<string>();
  private readonly withElements = new Set<string>();
  private whole = false;
  private version = 0;
  private resolutionsChanged = false;

  /** @param typeFiles declare the globals of the application and the project */
  constructor(
    private readonly ts: TypeScript,
    private readonly options: SessionOptions,
    private readonly folder: string,
    private readonly host: SessionHost,
    private readonly typeFiles: string[],
    builtIns: Map<string, BuiltInModule>,
  ) {
    const library = new StandardLibrary(ts, options.check, folder, host.paths);
    this.sources = new Sources(ts, host.files, (file) => library.textOf(file));
    this.resolution = new ModuleResolution(ts, options.check, folder, host, builtIns, this.sources);
    this.setText(this.resolution.sessionFile, "export {};");
    this.documents = new Documents(
      ts,
      (file) => !isPackagedDeclaration(file) || this.documented.has(file),
    );
    this.service = ts.createLanguageService(this.serviceHost(), this.documents);
  }

  /** @param elements is JSX to be read in it? */
  setText(file: string, text: string, elements = false): void {
    if (elements) {
      this.withElements.add(file);
    } else {
      this.withElements.delete(file);
    }
    if (this.sources.set(file, text)) {
      this.version++;
    }
  }

  /** Has the program all the types that belong into it? */
  get isComplete(): boolean {
    return this.whole;
  }

  /** Takes all types into the program. */
  complete(): void {
    if (!this.whole) {
      this.whole = true;
      this.version++;
    }
  }

  /** Reads what {@link complete} will need, a file at each step. Leaving steps out costs nothing. */
  prepare(): Generator<void, void> {
    const { ts, options, folder, host, resolution } = this;
    return this.reading([
      ...this.typeFiles,
      ...automaticTypes(ts, options.check, folder, resolution.files, host.paths),
    ]);
  }

  /** The same for what a text imports that will perhaps be a cell. */
  prepareImports(code: string): Generator<void, void> {
    const { importedFiles } = this.ts.preProcessFile(code);
    return this.reading(
      importedFiles.flatMap(
        ({ fileName }) =>
          this.resolution.resolve(fileName, this.resolution.sessionFile)?.resolvedFileName ?? [],
      ),
    );
  }

  private reading(files: string[]): Generator<void, void> {
    const { ts, options, host, resolution } = this;
    return preparation(ts, files, {
      paths: host.paths,
      options: options.check,
      host: resolution.files,
      resolutions: resolution.cache,
      resolve: (specifier, file) => resolution.resolve(specifier, file)?.resolvedFileName,
      read: (file, parsing) => {
        const source = this.sources.get(file);
        return source && this.documents.read(file, source, parsing);
      },
    });
  }

  /** Notices edits, additions and deletions among the files that are the user's own. */
  refresh(): void {
    const { changed, movedModules } = this.sources.refresh();
    this.version += changed ? 1 : 0;
    this.resolutionsChanged ||= movedModules;
  }

  /** Forgets what could not be found, in case it has been installed or written since. */
  forgetMissing(): void {
    this.resolution.cache.clear();
    this.sources.forgetMissing();
    this.resolutionsChanged = true;
    this.version++;
  }

  /** Has the doc comments of some files read from now on. */
  document(files: Iterable<string>): void {
    for (const file of files) {
      if (isPackagedDeclaration(file) && !this.documented.has(file)) {
        this.documented.add(file);
        this.version++;
      }
    }
  }

  /** The program for the present texts. */
  program(): ts.Program {
    const program = this.service.getProgram();
    if (!program) {
      throw new Error("The TypeScript language service gave no program.");
    }
    this.resolutionsChanged = false;
    return program;
  }

  private serviceHost(): ts.LanguageServiceHost {
    const { ts, options, resolution } = this;
    const withoutTypes = { ...options.check, types: [] };
    const roots = [...this.typeFiles, resolution.sessionFile];
    // The compiler asks its host for these, too, though its types do not say so. Without the cache it
    // looks for each file's package.json again, for each program.
    const undeclared = {
      hasInvalidatedResolutions: () => this.resolutionsChanged,
      getModuleResolutionCache: () => resolution.cache,
    };
    return {
      ...undeclared,
      ...resolution.files,
      fileExists: (file) => resolution.files.fileExists(file),
      readFile: (file, encoding) => ts.sys.readFile(file, encoding),
      readDirectory: ts.sys.readDirectory,
      getCompilationSettings: () => (this.whole ? options.check : withoutTypes),
      getCurrentDirectory: () => this.folder,
      getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
      getProjectVersion: () => String(this.version),
      getScriptFileNames: () => (this.whole ? roots : [resolution.sessionFile]),
      getScriptVersion: (file) =>
        (this.sources.get(file)?.version ?? "missing") + (this.documented.has(file) ? "+" : ""),
      getScriptKind: (file) =>
        this.withElements.has(file) ? ts.ScriptKind.TSX : ts.ScriptKind.Unknown,
      getScriptSnapshot: (file) => this.sources.get(file)?.snapshot,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      resolveModuleNameLiterals: (literals, file) =>
        literals.map(({ text }) => ({ resolvedModule: resolution.resolve(text, file) })),
    };
  }
}

function isPackagedDeclaration(file: string): boolean {
  return isPackaged(file) && /\.d\.[cm]?ts$/.test(file);
}
