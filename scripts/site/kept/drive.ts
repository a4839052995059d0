// JupyterLite's files, which it keeps in the browser: those that readers have changed or made.
// How they lie there was read in the version of ../requirements.txt.

/** A file or folder as JupyterLite keeps it, by its path: that of Jupyter's contents, with its content. */
export interface DriveFile {
  name: string;
  /** From the top, without a "/" before it. */
  path: string;
  type: "notebook" | "file" | "directory";
  format: "json" | "text" | "base64";
  mimetype: string;
  /** A notebook's object, a text, or bytes in base64; null of folders. */
  content: unknown;
  size: number;
  writable: boolean;
  /** ISO 8601, in UTC. */
  created: string;
  last_modified: string;
}

const FILES = "files";

export class Drive {
  /** @param site the address of the first page: of several sites of one address each has its own files */
  constructor(private readonly site: string) {}

  /** @throws Error where this browser keeps nothing, as in some private windows */
  async all(): Promise<DriveFile[]> {
    return await this.within("readonly", (files) => files.getAll() as IDBRequest<DriveFile[]>);
  }

  /** @throws Error where this browser keeps nothing */
  async get(path: string): Promise<DriveFile | undefined> {
    return await this.within(
      "readonly",
      (files) => files.get(path) as IDBRequest<DriveFile | undefined>,
    );
  }

  /**
   * Keeps a file under the first of some names that is free.
   *
   * @param paths without end; those that `taken` has are left out
   * @returns its path
   * @throws Error where this browser keeps nothing, or has no space
   */
  async add(
    file: (path: string) => DriveFile,
    paths: Iterable<string>,
    taken: ReadonlySet<string> = new Set(),
  ): Promise<string> {
    for (const path of paths) {
      if (taken.has(path)) {
        continue;
      }
      try {
        // Of two pages that add at once, one finds the name taken.
        await this.within("readwrite", (files) => files.add(file(path), path));
        return path;
      } catch (error) {
        if ((error as Error).name !== "ConstraintError") {
          throw error;
        }
      }
    }
    throw new Error("there are no more names.");
  }

  /**
   * The paths of the files and folders that the site itself has at the top.
   * @throws Error where its list cannot be had
   */
  async ownPaths(): Promise<Set<string>> {
    const response = await fetch(new URL("api/contents/all.json", this.site));
    if (!response.ok) {
      throw new Error(`the site's list of files can't be had: HTTP status ${response.status}.`);
    }
    const { content } = (await response.json()) as { content: { path: string }[] };
    return new Set(content.map(({ path }) => path));
  }

  private async within<Result>(
    mode: IDBTransactionMode,
    ask: (files: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    const name = `JupyterLite Storage - ${new URL(this.site).pathname}`;
    let database: IDBDatabase;
    try {
      database = await openWith(name, FILES);
    } catch {
      throw new Error("this browser keeps nothing for this site.");
    }
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(FILES, mode, { durability: "strict" });
        const request = ask(transaction.objectStore(FILES));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error ?? request.error);
      });
    } finally {
      // JupyterLite adds stores to it, for which nobody else may hold it open.
      database.close();
    }
  }
}

/** Opens a database that has a store, which is made where it is missing: JupyterLite may never have run here. */
async function openWith(name: string, store: string): Promise<IDBDatabase> {
  for (let version: number | undefined; ; ) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => {
        if (!request.result.objectStoreNames.contains(store)) {
          request.result.createObjectStore(store);
        }
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    if (database.objectStoreNames.contains(store)) {
      return database;
    }
    version = database.version + 1;
    database.close();
  }
}

/** A file of text or bytes, or a notebook, as JupyterLite keeps it. */
export function driveFile(
  path: string,
  { type, format, content, size }: Pick<DriveFile, "type" | "format" | "content" | "size">,
): DriveFile {
  const time = new Date().toISOString();
  const mimetype =
    type === "notebook" || type === "directory"
      ? "application/json"
      : format === "text"
        ? "text/plain"
        : "application/octet-stream";
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    type,
    format,
    mimetype,
    content,
    size,
    writable: true,
    created: time,
    last_modified: time,
  };
}
