// The part of IndexedDB that the kernel uses: https://www.w3.org/TR/IndexedDB/

export interface IdbRequest<Result> {
  readonly result: Result;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface IdbStore {
  put(value: unknown, key: string): unknown;
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
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => void request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
