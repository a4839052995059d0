import { dirname, isAbsolute, relative } from "node:path";
import type ts from "typescript";
import type { TypeScript } from "./typescript";

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
export function projectFor(ts: TypeScript, file: string, folder: string): Project[] {
  const root = read(ts, file);
  const references = referred(ts, root, new Set([file]));
  const chosen =
    references.find((project) => covers(project, folder)) ??
    references.find(
      ({ wildcardDirectories = {} }) => Object.keys(wildcardDirectories).length > 0,
    ) ??
    references[0];
  return chosen ? [root, chosen] : [root];
}

/** The projects that one without files of its own refers to, directly or by others of its kind. */
function referred(ts: TypeScript, project: Project, seen: Set<string>): Project[] {
  if (project.fileNames.length > 0) {
    return [];
  }
  return (project.projectReferences ?? []).flatMap((reference) => {
    const file = ts.resolveProjectReferencePath(reference);
    if (seen.has(file) || !ts.sys.fileExists(file)) {
      return [];
    }
    seen.add(file);
    const other = read(ts, file);
    const further = referred(ts, other, seen);
    return further.length > 0 ? further : [other];
  });
}

function read(ts: TypeScript, file: string): Project {
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(
    config ?? {},
    ts.sys,
    dirname(file),
    undefined,
    file,
  );
  return { ...parsed, file, errors: [...(error ? [error] : []), ...parsed.errors] };
}

/** Would a file in the folder be among those that the project includes? */
function covers({ wildcardDirectories = {} }: Project, folder: string): boolean {
  return Object.entries(wildcardDirectories).some(([included, flags]) => {
    const path = relative(included, folder);
    const below = path !== "" && !path.startsWith("..") && !isAbsolute(path);
    return path === "" || (below && flags === RECURSIVE);
  });
}

/** The compiler's WatchDirectoryFlags.Recursive. */
const RECURSIVE = 1;
