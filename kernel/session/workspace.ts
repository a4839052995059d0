import { existsSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type ts from "typescript";
import { Documents } from "./documents";
import type { SessionOptions } from "./options";
import type { TypeScript } from "./typescript";

/** The module through which cells see each other's names, and the prefix of a cell's own module. */
export const SESSION_MODULE = "cell:session";
const CELL_MODULE = /^cell:(\d+)$/;

/** A module that the host application answers itself, installed or not. */
export interface BuiltInModule {
  /** The file that declares its types. */
  types: string;
  /** What importing it gives. */
  exports: object;
}

interface Source {
  text: string;
  snapshot: ts.IScriptSnapshot;
  version: string;
  /** Only for files on disk: what they were when they were read. */
  modified?: number;
}

/**
 * The files that the compiler sees: cells in memory, everything else on disk.
 *
 * It is made for speed. The compiler reuses its whole program as long as the root files, and each
 * file's list of imported modules, stay as they are. So all cells are there from the beginning, as
 * placeholders that import one module, the session, and are filled in when their turn comes. Files
 * are read once; those that a user edits (all but packages and the standard library) are looked at
 * again by {@link refresh}, once a cell and not at each keystroke.
 */
export class Workspace {
  readonly service: ts.LanguageService;
  readonly sessionFile: string;
  private readonly memory = new Map<string, Source>();
  private readonly disk = new Map<string, Source | undefined>();
  private readonly resolutions: ts.ModuleResolutionCache;
  /** Files whose doc comments are read, though they are a package's. */
  private readonly documented = new Set<string>();
  private version = 0;
  private resolutionsChanged = false;

  constructor(
    private readonly ts: TypeScript,
    private readonly options: SessionOptions,
    private readonly folder: string,
    private readonly rootFiles: string[],
    private readonly builtIns: Map<string, BuiltInModule>,
  ) {
    this.sessionFile = join(folder, "__session__.ts");
    this.setText(this.sessionFile, "export {};");
    this.resolutions = ts.createModuleResolutionCache(
      folder,
      (name) => (ts.sys.useCaseSensitiveFileNames ? name : name.toLowerCase()),
      options.check,
    );
    this.service = ts.createLanguageService(
      this.host(),
      new Documents(ts, (file) => !isPackagedDeclaration(file) || this.documented.has(file)),
    );
  }

  /** The file of the cell with a given number. */
  cellFile(number: number): string {
    return join(this.folder, `__cell_${number}__.ts`);
  }

  setText(file: string, text: string): void {
    if (this.memory.get(file)?.text === text) {
      return;
    }
    this.version++;
    this.memory.set(file, {
      text,
      snapshot: this.ts.ScriptSnapshot.fromString(text),
      version: `m${this.version}`,
    });
  }

  /** Notices edits, additions and deletions among the files that are the user's own. */
  refresh(): void {
    for (const [file, source] of this.disk) {
      if (isPackaged(file)) {
        continue;
      }
      const modified = modifiedTime(file);
      if (modified !== source?.modified) {
        this.disk.delete(file);
        this.version++;
        this.resolutionsChanged ||= modified === undefined || source === undefined;
      }
    }
  }

  /** Forgets what could not be found, in case it has been installed or written since. */
  forgetMissing(): void {
    this.resolutions.clear();
    for (const [file, source] of this.disk) {
      if (!source) {
        this.disk.delete(file);
      }
    }
    this.resolutionsChanged = true;
    this.version++;
  }

  /**
   * Has the doc comments of some files read from now on.
   * @returns whether any was not read before: the program is then another
   */
  document(files: Iterable<string>): boolean {
    const before = this.documented.size;
    for (const file of files) {
      if (isPackagedDeclaration(file) && !this.documented.has(file)) {
        this.documented.add(file);
        this.version++;
      }
    }
    return this.documented.size > before;
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
    if (!found || found.resolvedFileName.endsWith(".d.ts")) {
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
    return this.ts.resolveModuleName(
      specifier,
      file,
      this.options.check,
      this.moduleHost,
      this.resolutions,
    ).resolvedModule;
  }

  private readonly moduleHost: ts.ModuleResolutionHost = {
    fileExists: (file) => this.memory.has(file) || this.ts.sys.fileExists(file),
    readFile: (file) => this.ts.sys.readFile(file),
    directoryExists: (folder) => this.ts.sys.directoryExists(folder),
    getCurrentDirectory: () => this.folder,
    getDirectories: (folder) => this.ts.sys.getDirectories(folder),
    realpath: realPath,
    useCaseSensitiveFileNames: () => this.ts.sys.useCaseSensitiveFileNames,
  };

  private host(): ts.LanguageServiceHost {
    const { ts, options } = this;
    const roots = [...this.rootFiles, this.sessionFile];
    return {
      ...this.moduleHost,
      fileExists: (file) => this.memory.has(file) || ts.sys.fileExists(file),
      readFile: (file, encoding) => ts.sys.readFile(file, encoding),
      readDirectory: ts.sys.readDirectory,
      getCompilationSettings: () => options.check,
      getCurrentDirectory: () => this.folder,
      getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
      getProjectVersion: () => String(this.version),
      getScriptFileNames: () => roots,
      getScriptVersion: (file) =>
        (this.source(file)?.version ?? "missing") + (this.documented.has(file) ? "+" : ""),
      getScriptSnapshot: (file) => this.source(file)?.snapshot,
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

  private source(file: string): Source | undefined {
    const inMemory = this.memory.get(file);
    if (inMemory) {
      return inMemory;
    }
    if (!this.disk.has(file)) {
      const modified = modifiedTime(file);
      const text = modified === undefined ? undefined : this.ts.sys.readFile(file);
      this.disk.set(
        file,
        text === undefined
          ? undefined
          : {
              text,
              snapshot: this.ts.ScriptSnapshot.fromString(text),
              version: `${modified}`,
              modified,
            },
      );
    }
    return this.disk.get(file);
  }
}

/** Does a file belong to an installed package, which nobody edits? */
export function isPackaged(file: string): boolean {
  return file.includes(`${sep}node_modules${sep}`) || file.includes("/node_modules/");
}

function isPackagedDeclaration(file: string): boolean {
  return isPackaged(file) && /\.d\.[cm]?ts$/.test(file);
}

function modifiedTime(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync.native(path) : path;
}
