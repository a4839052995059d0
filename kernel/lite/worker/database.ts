// The part of IndexedDB that the kernel uses, https://www.w3.org/TR/IndexedDB/, and where its files are in it.

/** The store of files, by their whole paths. */
export const FILES = "files";

/** The database of a site's files: of several sites of one address each has its own. `base` is its kernel's folder. */
export const filesPlace = (base: string) => `karenina files ${new URL(base).pathname}`;

export interface IdbRequest<Result> {
  readonly result: Result;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface IdbStore {
  get(key: string): IdbRequest<Uint8Array | undefined>;
  put(value: Uint8Array, key: string): IdbRequest<unknown>;
  delete(key: string): unknown;
  getAll(): IdbRequest<Uint8Array[]>;
  getAllKeys(): IdbRequest<string[]>;
}

export interface IdbTransaction {
  readonly error: Error | null;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): IdbStore;
  /** Has it end by itself, whatever the worker does meanwhile. */
  commit(): void;
}

export interface Database {
  createObjectStore(name: string): unknown;
  transaction(
    store: string,
    mode: "readonly" | "readwrite",
    options?: { durability: "strict" },
  ): IdbTransaction;
}

declare const indexedDB: {
  open(name: string): IdbRequest<Database> & { onupgradeneeded: (() => void) | null };
};

/** Opens a database with one store, which is made where it is missing. */
export function openDatabase(name: string, store: string): Promise<Database> {
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => void request.result.createObjectStore(store);
  return settled(request);
}

/** What a request gives. */
export function settled<Result>(request: IdbRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** All files that are kept in a database, each with its path. */
export async function allFiles(database: Database): Promise<[path: string, content: Uint8Array][]> {
  const store = database.transaction(FILES, "readonly").objectStore(FILES);
  const [paths, contents] = await Promise.all([
    settled(store.getAllKeys()),
    settled(store.getAll()),
  ]);
  return paths.map((path, i) => [path, contents[i]]);
}
