// What bringing work back would do, file by file. No file that is there is ever written over.
import { addStandings, parseProgress, progressText } from "../../../lessons/exercises/standings";
import { base64 } from "../../../lib/formats/bytes";
import type { CellFile } from "../kept/cellFiles";
import { type DriveFile, driveFile } from "../kept/drive";
import { PROGRESS_FILE } from "../page/progressFile";
import { type CheckedNotebook, checkNotebook, namesFor } from "../share/notebook";
import { FILES, NOTEBOOKS, PROGRESS, type Work } from "./work";
import type { ZipEntry } from "./zip";

/** What becomes of one file. */
export interface Step {
  /** Its name in the ZIP file. */
  name: string;
  what: "new" | "same" | "beside" | "merged" | "refused";
  /** The new name where `what` is "beside"; the reason where it is "refused". */
  detail?: string;
}

export interface Plan {
  steps: Step[];
  /** To be added among JupyterLite's files, folders before what lies in them. */
  drive: DriveFile[];
  /** To be put among the files of cells. */
  files: CellFile[];
}

/**
 * @param own the paths of files and folders that the site has at the top
 */
export function planOf(entries: readonly ZipEntry[], work: Work, own: ReadonlySet<string>): Plan {
  const steps: Step[] = [];
  const notebooks = new DrivePlan(work.drive, own);
  const files = new FilesPlan(work.files);
  const cellFiles: { name: string; file: CellFile }[] = [];
  for (const { name, content } of entries) {
    try {
      if (!isPlain(name)) {
        throw new Error("its name leads out of its folder");
      }
      if (name === PROGRESS) {
        steps.push({ name, what: files.mergeProgress(content) });
      } else if (name.startsWith(NOTEBOOKS)) {
        steps.push({ name, ...notebooks.add(name.slice(NOTEBOOKS.length), content) });
      } else if (name.startsWith(`${FILES}/`)) {
        const path = name.slice(FILES.length);
        if (!isOfCells(path)) {
          throw new Error("the site keeps no files of cells there");
        }
        cellFiles.push({ name, file: [path, content] });
      } else {
        throw new Error("it is no part of a reader's work");
      }
    } catch (error) {
      steps.push({ name, what: "refused", detail: (error as Error).message.replace(/\.$/, "") });
    }
  }
  steps.push(...files.add(cellFiles));
  steps.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { steps, drive: notebooks.files, files: files.files };
}

/** Whether a name leads nowhere but down, by parts that can be seen. */
const isPlain = (name: string) =>
  name.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
  !/[\\%\p{Cc}\p{Cf}]/u.test(name);

/** Cells find packages in `node_modules`; the others end with a kernel, or are kept for another purpose. */
const isOfCells = (path: string) =>
  !/^\/(tmp|cache|karenina|kept)\//.test(path) && !path.split("/").includes("node_modules");

class DrivePlan {
  readonly files: DriveFile[] = [];
  private readonly there: Map<string, DriveFile>;

  constructor(
    drive: readonly DriveFile[],
    private readonly own: ReadonlySet<string>,
  ) {
    this.there = new Map(drive.map((file) => [file.path, file]));
  }

  add(path: string, content: Uint8Array): Omit<Step, "name"> {
    const file = driveFileOf(path, content);
    for (const free of namesFor(path)) {
      const other = this.there.get(free);
      if (other && sameContent(other, file)) {
        return { what: "same" };
      }
      if (!other) {
        this.addFolders(free);
        this.push(driveFile(free, file));
        return free === path ? { what: "new" } : { what: "beside", detail: free };
      }
    }
    throw new Error("there are no more names");
  }

  private addFolders(path: string): void {
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at);
      const other = this.there.get(folder);
      if (other && other.type !== "directory") {
        throw new Error(`${folder} is a file here`);
      }
      if (!other && !this.own.has(folder)) {
        this.push(driveFile(folder, { type: "directory", format: "json", content: null, size: 0 }));
      }
    }
  }

  private push(file: DriveFile): void {
    this.there.set(file.path, file);
    this.files.push(file);
  }
}

/** A file from a disk as JupyterLite keeps it. A notebook's outputs come along, and may not be trusted. */
function driveFileOf(path: string, content: Uint8Array): DriveFile {
  const size = content.length;
  if (/\.ipynb$/i.test(path)) {
    const notebook = untrusted(checkNotebook(new TextDecoder().decode(content)));
    return driveFile(path, { type: "notebook", format: "json", content: notebook, size });
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    return driveFile(path, { type: "file", format: "text", content: text, size });
  } catch {
    return driveFile(path, { type: "file", format: "base64", content: base64(content), size });
  }
}

/** A notebook whose cells no longer say that what they show may run. */
function untrusted(notebook: CheckedNotebook): CheckedNotebook {
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      const { trusted: _, ...metadata } = (cell.metadata ?? {}) as Record<string, unknown>;
      return { ...cell, metadata };
    }),
  };
}

function sameContent(a: DriveFile, b: DriveFile): boolean {
  if (a.type !== b.type) {
    return false;
  }
  if (a.type === "notebook") {
    const text = ({ content }: DriveFile) => inOrder(untrusted(content as CheckedNotebook));
    return text(a) === text(b);
  }
  return a.format === b.format && a.content === b.content;
}

/** JSON whose keys stand in one order. */
const inOrder = (value: unknown) =>
  JSON.stringify(value, (_, each) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

class FilesPlan {
  readonly files: CellFile[] = [];
  private readonly there: Map<string, Uint8Array>;

  constructor(files: readonly CellFile[]) {
    this.there = new Map(files);
  }

  mergeProgress(content: Uint8Array): "same" | "merged" {
    const decode = (bytes: Uint8Array) => parseProgress(new TextDecoder().decode(bytes));
    const others = decode(content);
    const mine = this.there.get(PROGRESS_FILE);
    const standings = mine ? decode(mine) : {};
    const before = inOrder(standings);
    addStandings(standings, others);
    if (inOrder(standings) === before) {
      return "same";
    }
    this.put(PROGRESS_FILE, new TextEncoder().encode(progressText(standings)));
    return "merged";
  }

  /** Files of one folder belong together, as those of a model do: where one can't come back, none does. */
  add(all: readonly { name: string; file: CellFile }[]): Step[] {
    const folders = new Map<string, typeof all>();
    for (const each of all) {
      const [path] = each.file;
      const folder = path.slice(0, path.lastIndexOf("/"));
      // What lies at the top belongs to nothing else.
      const key = TOPS.includes(folder) ? path : folder;
      folders.set(key, [...(folders.get(key) ?? []), each]);
    }
    return [...folders].flatMap(([key, members]) => this.addFolder(key, members));
  }

  private addFolder(key: string, members: readonly { name: string; file: CellFile }[]): Step[] {
    for (const free of namesFor(key)) {
      const moved = members.map(({ name, file: [path, content] }) => ({
        name,
        path: free + path.slice(key.length),
        content,
      }));
      const isTaken = ({ path, content }: (typeof moved)[0]) => {
        const other = this.there.get(path);
        return other !== undefined && !sameBytes(other, content);
      };
      if (!moved.some(isTaken)) {
        return moved.map(({ name, path, content }) => {
          if (this.there.has(path)) {
            return { name, what: "same" };
          }
          this.put(path, content);
          return free === key ? { name, what: "new" } : { name, what: "beside", detail: path };
        });
      }
    }
    return [];
  }

  private put(path: string, content: Uint8Array): void {
    this.there.set(path, content);
    this.files.push([path, content]);
  }
}

const TOPS = ["", "/home", "/home/notebooks"];

const sameBytes = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((each, i) => each === b[i]);
