import type { Page } from "playwright-core";

/** A file of JupyterLite's drive, as far as it is looked at. */
export interface KeptFile<Cell> {
  path: string;
  type: string;
  content: { metadata: object; cells: Cell[] };
}

/**
 * What lies among JupyterLite's files.
 *
 * @param page of the site
 * @param below the site's folder on its host, as "/a/course/"
 */
export function keptFiles<Cell>(page: Page, below: string): Promise<KeptFile<Cell>[]> {
  return page.evaluate<KeptFile<Cell>[], string>(async (name) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const files = database.objectStoreNames.contains("files")
      ? await new Promise<KeptFile<Cell>[]>((resolve, reject) => {
          const request = database.transaction("files").objectStore("files").getAll();
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        })
      : [];
    database.close();
    return files;
  }, `JupyterLite Storage - ${below}`);
}
