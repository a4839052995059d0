import type ts from "typescript";
import type { SessionHost, TypeScript } from "../host";
import { isPackaged, type Sources } from "./sources";

/** The module through which cells see each other's names, and what a cell's own module is called. */
export const SESSION_MODULE = "cell:session";
const CELL_MODULE = /^cell:(\d+)$/;

/** The module that the cell of a given number is. */
export function cellModule(number: number): string {
  return `cell:${number}`;
}

const NODE_TYPES = /[\\/]@types[\\/]node[\\/]/;

/** A module that the host application answers itself, installed or not. */
export interface BuiltInModule {
  /** The file that declares its types. Without one, a declaration file of the globals declares it. */
  types?: string;
  /** Brings it, for modules that take time; to be awaited before {@link exports} is read. */
  load?(): Promise<unknown>;
  /** What importing it gives. */
  exports: object;
}

/** Finds the files that specifiers stand for, for the checker and for the code that runs. */
export class ModuleResolution {
  readonly sessionFile: string;
  readonly cache: ts.ModuleResolutionCache;
  /** The file system as the compiler's own search sees it. */
  readonly files: ts.ModuleResolutionHost;
  /** Files in folders that serve all projects. */
  private readonly global = new Set<string>();

  constructor(
    private readonly ts: TypeScript,
    private readonly options: ts.CompilerOptions,
    private readonly folder: string,
    private readonly host: SessionHost,
    private readonly builtIns: Map<string, BuiltInModule>,
    sources: Sources,
  ) {
    const { sys } = ts;
    this.sessionFile = host.paths.join(folder, "__session__.ts");
    this.cache = ts.createModuleResolutionCache(
      folder,
      (name) => (sys.useCaseSensitiveFileNames ? name : name.toLowerCase()),
      options,
    );
    this.files = {
      fileExists: (file) => sources.isInMemory(file) || sys.fileExists(file),
      readFile: (file) => sys.readFile(file),
      directoryExists: (path) => sys.directoryExists(path),
      getCurrentDirectory: () => folder,
      getDirectories: (path) => sys.getDirectories(path),
      realpath: (path) => host.files.realPath(path),
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    };
  }

  /** The file of the cell with a given number. */
  cellFile(number: number): string {
    return this.host.paths.join(this.folder, `__cell_${number}__.ts`);
  }

  /** A module that is answered by the host application. */
  builtIn(specifier: string): BuiltInModule | undefined {
    return this.builtIns.get(specifier);
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
    const path = this.host.files.realPath(found.resolvedFileName);
    return isPackaged(path) || /\.d\.[cm]ts$/.test(path)
      ? undefined
      : (this.mainBeside(path, specifier, file) ?? path);
  }

  /**
   * What runs of a package that is imported by its name, where that is not the file with its types but
   * one of the same name beside it: `index.cjs` beside `index.ts`.
   */
  private mainBeside(types: string, specifier: string, file: string): string | undefined {
    const main = types.replace(/\.ts$/, ".cjs");
    if (/^[./]|:/.test(specifier) || main === types || !this.files.fileExists(main)) {
      return undefined;
    }
    try {
      const { resolve } = this.host.modules.requireFrom(file);
      return this.host.files.realPath(resolve(specifier)) === main ? main : undefined;
    } catch {
      // Node does not find the package from there.
      return undefined;
    }
  }

  /** What a specifier stands for, seen from `file`, as the checker is to see it. */
  resolve(specifier: string, file: string): ts.ResolvedModuleFull | undefined {
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
    if (builtIn) {
      return undefined;
    }
    // Node's types declare these modules: there is no file to look for, in folder after folder.
    const isBuiltIn = () => this.host.modules.isBuiltIn(specifier);
    if (specifier.startsWith("node:") || (NODE_TYPES.test(file) && isBuiltIn())) {
      return undefined;
    }
    const { ts, options, files, cache } = this;
    const found = ts.resolveModuleName(specifier, file, options, files, cache);
    return found.resolvedModule ?? this.resolveGlobally(specifier);
  }

  /**
   * A package in the folders that serve all projects. What only Node would load there stays Node's
   * affair, as all packages do.
   */
  private resolveGlobally(specifier: string): ts.ResolvedModuleFull | undefined {
    const found = this.findGlobally(specifier);
    if (found && /\.[cm]?jsx?$/.test(found.resolvedFileName)) {
      this.global.add(found.resolvedFileName);
      return { ...found, isExternalLibraryImport: true };
    }
    return found;
  }

  private findGlobally(specifier: string): ts.ResolvedModuleFull | undefined {
    if (/^[./]|:/.test(specifier)) {
      return undefined;
    }
    const { ts, options, files } = this;
    const { join, dirname, basename } = this.host.paths;
    for (const folder of this.host.modules.globalFolders()) {
      if (!files.directoryExists?.(folder)) {
        continue;
      }
      const found =
        basename(folder) === "node_modules"
          ? ts.resolveModuleName(specifier, join(dirname(folder), "noop.ts"), options, files)
          : ts.resolveModuleName(specifier, join(folder, "noop.ts"), this.within(folder), files);
      if (found.resolvedModule) {
        return found.resolvedModule;
      }
    }
    return undefined;
  }

  /** Settings with which the compiler takes names for paths below a folder. */
  private within(folder: string): ts.CompilerOptions {
    const { join } = this.host.paths;
    return {
      ...this.options,
      baseUrl: undefined,
      pathsBasePath: folder,
      paths: { "*": [join(folder, "*"), join(folder, "@types", "*")] },
    };
  }
}
