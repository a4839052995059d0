import { existsSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import type ts from "typescript";
import { resolveGlobally } from "../run/globalFolders";
import { Documents } from "./documents";
import type { SessionOptions } from "./options";
import { automaticTypes, preparation } from "./preparation";
import { isPackaged, Sources } from "./sources";
import type { TypeScript } from "./typescript";

/** The module through which cells see each other's names, and the prefix of a cell's own module. */
export const SESSION_MODULE = "cell:session";
const CELL_MODULE = /^cell:(\d+)$/;
const NODE_TYPES = /[\\/]@types[\\/]node[\\/]/;

/** A module that the host application answers itself, installed or not. */
export interface BuiltInModule {
  /** The file that declares its types. */
  types: string;
  /** What importing it gives. */
  exports: object;
}

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
  readonly sessionFile: string;
  private readonly sources: Sources;
  private readonly documents: Documents;
  private readonly resolutions: ts.ModuleResolutionCache;
  /** Files whose doc comments are read, though they are a package's. */
  private readonly documented = new Set<string>();
  /** Files in folders that serve all projects. */
  private readonly global = new Set<string>();
  private whole = false;
  private version = 0;
  private resolutionsChanged = false;

  /** @param typeFiles declare the globals of the application and the project */
  constructor(
    private readonly ts: TypeScript,
    private readonly options: SessionOptions,
    private readonly folder: string,
    private readonly typeFiles: string[],
    private readonly builtIns: Map<string, BuiltInModule>,
  ) {
    this.sources = new Sources(ts);
    this.sessionFile = join(folder, "__session__.ts");
    this.setText(this.sessionFile, "export {};");
    this.resolutions = ts.createModuleResolutionCache(
      folder,
      (name) => (ts.sys.useCaseSensitiveFileNames ? name : name.toLowerCase()),
      options.check,
    );
    this.documents = new Documents(
      ts,
      (file) => !isPackagedDeclaration(file) || this.documented.has(file),
    );
    this.service = ts.createLanguageService(this.host(), this.documents);
  }

  /** The file of the cell with a given number. */
  cellFile(number: number): string {
    return join(this.folder, `__cell_${number}__.ts`);
  }

  setText(file: string, text: string): void {
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
    const { ts, options, folder, moduleHost, typeFiles } = this;
    return this.reading([...typeFiles, ...automaticTypes(ts, options.check, folder, moduleHost)]);
  }

  /** The same for what a text imports that will perhaps be a cell. */
  prepareImports(code: string): Generator<void, void> {
    const { importedFiles } = this.ts.preProcessFile(code);
    return this.reading(
      importedFiles.flatMap(
        ({ fileName }) => this.resolve(fileName, this.sessionFile)?.resolvedFileName ?? [],
      ),
    );
  }

  private reading(files: string[]): Generator<void, void> {
    const { ts, options, moduleHost, resolutions } = this;
    return preparation(ts, files, {
      options: options.check,
      host: moduleHost,
      resolutions,
      resolve: (specifier, file) => this.resolve(specifier, file)?.resolvedFileName,
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
    this.resolutions.clear();
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

  /** The user's own source file that a specifier stands for, seen from `file`, or undefined. */
  resolveSource(specifier: string, file: string): string | undefined {
    const found = this.resolve(specifier, file);
    if (
      !found ||
      found.resolvedFileName.endsWith(".d.ts") ||
      this.global.has(found.resolvedFileName)
    ) {
      return undefined;
    }
    const path = realPath(found.resolvedFileName);
    return isPackaged(path) || /\.d\.[cm]ts$/.test(path) ? undefined : path;
  }

  /** A module that is answered by the host application. */
  builtIn(specifier: string): BuiltInModule | undefined {
    return this.builtIns.get(specifier);
  }

  private resolve(specifier: string, file: string): ts.ResolvedModuleFull | undefined {
    const builtIn = this.builtIns.get(specifier);
    const cell = CELL_MODULE.exec(specifier);
    const virtual =
      builtIn?.types ??
      (specifier === SESSION_MODULE ? this.sessionFile : cell && this.cellFile(Number(cell[1])));
    if (virtual) {
      return {
        resolvedFileName: virtual,
        extension: builtIn ? this.ts.Extension.Dts : this.ts.Extension.Ts,
        isExternalLibraryImport: builtIn !== undefined,
      };
    }
    // Node's types declare these modules: there is no file to look for, in folder after folder.
    if (specifier.startsWith("node:") || (isBuiltin(specifier) && NODE_TYPES.test(file))) {
      return undefined;
    }
    const { ts, options, moduleHost, resolutions } = this;
    const found = ts.resolveModuleName(specifier, file, options.check, moduleHost, resolutions);
    return found.resolvedModule ?? this.resolveGlobally(specifier);
  }

  /** What only Node would load there stays Node's affair, as all packages do. */
  private resolveGlobally(specifier: string): ts.ResolvedModuleFull | undefined {
    const found = resolveGlobally(this.ts, specifier, this.options.check, this.moduleHost);
    if (found && /\.[cm]?jsx?$/.test(found.resolvedFileName)) {
      this.global.add(found.resolvedFileName);
      return { ...found, isExternalLibraryImport: true };
    }
    return found;
  }

  private readonly moduleHost: ts.ModuleResolutionHost = {
    fileExists: (file) => this.sources.isInMemory(file) || this.ts.sys.fileExists(file),
    readFile: (file) => this.ts.sys.readFile(file),
    directoryExists: (folder) => this.ts.sys.directoryExists(folder),
    getCurrentDirectory: () => this.folder,
    getDirectories: (folder) => this.ts.sys.getDirectories(folder),
    realpath: realPath,
    useCaseSensitiveFileNames: () => this.ts.sys.useCaseSensitiveFileNames,
  };

  private host(): ts.LanguageServiceHost {
    const { ts, options } = this;
    const withoutTypes = { ...options.check, types: [] };
    const roots = [...this.typeFiles, this.sessionFile];
    return {
      ...this.moduleHost,
      fileExists: (file) => this.sources.isInMemory(file) || ts.sys.fileExists(file),
      readFile: (file, encoding) => ts.sys.readFile(file, encoding),
      readDirectory: ts.sys.readDirectory,
      getCompilationSettings: () => (this.whole ? options.check : withoutTypes),
      getCurrentDirectory: () => this.folder,
      getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
      getProjectVersion: () => String(this.version),
      getScriptFileNames: () => (this.whole ? roots : [this.sessionFile]),
      getScriptVersion: (file) =>
        (this.sources.get(file)?.version ?? "missing") + (this.documented.has(file) ? "+" : ""),
      getScriptSnapshot: (file) => this.sources.get(file)?.snapshot,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      resolveModuleNameLiterals: (literals, file) =>
        literals.map(({ text }) => ({ resolvedModule: this.resolve(text, file) })),
      // The compiler asks its host for these, though its types do not say so. Without the cache it
      // looks for each file's package.json again, for each program.
      ...{
        hasInvalidatedResolutions: () => this.resolutionsChanged,
        getModuleResolutionCache: () => this.resolutions,
      },
    };
  }
}

function isPackagedDeclaration(file: string): boolean {
  return isPackaged(file) && /\.d\.[cm]?ts$/.test(file);
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync.native(path) : path;
}
