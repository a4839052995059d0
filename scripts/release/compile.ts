import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import ts from "typescript";

/** The files below a folder that are its package's, relative to it. */
export function filesIn(folder: string): string[] {
  const walk = (at: string): string[] =>
    readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
      if (["node_modules", "dist"].includes(entry.name)) {
        return [];
      }
      const path = join(at, entry.name);
      return entry.isDirectory() ? walk(path) : [relative(folder, path)];
    });
  return walk(folder).sort();
}

/**
 * Compiles each TypeScript file to a CommonJS file of the same name, for Node 20. One form only, so
 * that a program that imports and another that requires share one TensorFlow and one seed; Node reads
 * the names that `import { ... }` may take out of esbuild's annotations.
 */
export async function compileFiles(source: string, target: string): Promise<void> {
  const sources = filesIn(source).filter((file) => /(?<!\.d)\.ts$/.test(file));
  await build({
    absWorkingDir: source,
    entryPoints: sources,
    outbase: source,
    outdir: target,
    format: "cjs",
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
}

/**
 * Writes the declarations of entry files and of all that these import.
 *
 * @param rename names of packages to write in the place of others
 * @returns the packages that the declarations name
 * @throws Error with TypeScript's words where a declaration cannot be written
 */
export function writeDeclarations(
  source: string,
  target: string,
  options: { entries: string[]; configFile: string; rename?: Record<string, string> },
): Set<string> {
  const { entries, configFile, rename = {} } = options;
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const settings = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configFile)).options;
  const program = ts.createProgram(
    entries.map((entry) => join(source, entry)),
    {
      ...settings,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      rootDir: source,
      outDir: target,
    },
  );
  const packages = new Set<string>();
  const write: ts.WriteFileCallback = (file, text) => {
    const renamed = renameImports(text, (name) => {
      const other = rename[name] ?? name;
      if (!other.startsWith(".")) {
        packages.add(packageOf(other));
      }
      return other;
    });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, renamed);
  };
  const { diagnostics } = program.emit(undefined, write);
  if (diagnostics.length > 0) {
    throw new Error(
      ts.formatDiagnostics(diagnostics, {
        getCanonicalFileName: (file) => file,
        getCurrentDirectory: () => source,
        getNewLine: () => "\n",
      }),
    );
  }
  return packages;
}

/** A declaration with other names in its imports; comments are left alone. */
export function renameImports(text: string, nameOf: (name: string) => string): string {
  const { importedFiles } = ts.preProcessFile(text, true, false);
  // From the end, so that the places of those before stay true.
  const fromTheEnd = [...importedFiles].sort((one, other) => other.pos - one.pos);
  return fromTheEnd.reduce((done, { fileName, pos }) => {
    // `pos` is that of the quotation mark.
    const [start, end] = [pos + 1, pos + 1 + fileName.length];
    return done.slice(0, start) + nameOf(fileName) + done.slice(end);
  }, text);
}

/** "@scope/name/file" belongs to "@scope/name"; Node's own modules to "node". */
function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) {
    return "node";
  }
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
