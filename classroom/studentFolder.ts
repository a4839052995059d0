import {
  chmodSync,
  copyFileSync,
  constants as files,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join, relative, sep } from "node:path";

/** Where a student's work and the shared installation are. */
export interface StudentFolderOptions {
  /** The student's home. */
  home: string;
  /** The shared installation, which the student need not be able to write. */
  course: string;
  /** The folder whose files each student gets a copy of. Default: the course's `notebooks`. */
  lessons?: string;
}

/** What there is after {@link prepareStudentFolder}. */
export interface StudentFolder {
  folder: string;
  /** The lessons that were not there before. */
  added: string[];
}

/** What lessons look for above themselves: packages, the compiler's settings, and `npm run`. */
const LINKS = ["node_modules", "tsconfig.json", "package.json", "lib", "scripts"];

/**
 * Makes the folder `karenina` in a student's home what it should be: `notebooks` with a copy of
 * every lesson that the student does not have yet, and links through which notebooks find the shared
 * packages. Nothing of the student's is ever overwritten: a lesson that is deleted or renamed comes
 * back as it was, one that was changed stays, and so does a real `node_modules` of the student's own.
 *
 * Where the course itself lies in the home, as on Binder, the student works in the course, and
 * nothing is made.
 *
 * @throws Error where the home cannot be written, as the system says it
 */
export function prepareStudentFolder({
  home,
  course,
  lessons = join(course, "notebooks"),
}: StudentFolderOptions): StudentFolder {
  if (contains(realpathSync(home), realpathSync(course))) {
    return { folder: course, added: [] };
  }
  const folder = join(home, "karenina");
  const notebooks = join(folder, "notebooks");
  // Its owner's alone, whatever the home is.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  mkdirSync(notebooks, { recursive: true });
  for (const name of LINKS) {
    link(join(course, name), join(folder, name));
  }
  const added = readdirSync(lessons, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .filter((name) => addCopy(join(lessons, name), join(notebooks, name)));
  return { folder, added };
}

/** Copies a file under a temporary name and renames it; says whether there was none before. */
function addCopy(source: string, target: string): boolean {
  if (lstatSync(target, { throwIfNoEntry: false })) {
    return false;
  }
  const temporary = `${target}.${process.pid}.part`;
  try {
    copyFileSync(source, temporary, files.COPYFILE_FICLONE);
    // The installation may be read-only, and copies have its modes.
    chmodSync(temporary, 0o600);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
  return true;
}

/** A link to the installation of now, unless the student has something of that name. */
function link(target: string, at: string): void {
  const there = lstatSync(at, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) {
    return;
  }
  const temporary = `${at}.${process.pid}.part`;
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, at);
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`));
}
