// The files that the site's kernels keep for their cells, seen from a page of the site.
import type { Change } from "../../../kernel/lite/web/bytes";
import {
  allFiles,
  type Database,
  FILES,
  filesPlace,
  openDatabase,
  settled,
} from "../../../kernel/lite/worker/database";
import { KERNEL_FOLDER } from "../kernelFolder";

/** A file by its whole path. */
export type CellFile = readonly [path: string, content: Uint8Array];

export class CellFiles {
  private readonly database: Promise<Database>;
  private readonly others: BroadcastChannel;

  /**
   * @param site the address of the first page
   * @param onChange is called with what a kernel or another page has put
   */
  constructor(site: string, onChange: (changes: readonly Change[]) => void = () => {}) {
    const place = filesPlace(new URL(KERNEL_FOLDER, site).href);
    this.others = new BroadcastChannel(place);
    this.others.onmessage = ({ data }: { data: Change[] }) => onChange(data);
    this.database = openDatabase(place, FILES).catch(() => {
      throw new Error("this browser keeps nothing for this site");
    });
    // Whoever reads or puts hears of it.
    this.database.catch(() => {});
  }

  /** @throws Error where this browser keeps nothing, as in some private windows */
  async read(file: string): Promise<Uint8Array | undefined> {
    const store = (await this.database).transaction(FILES, "readonly").objectStore(FILES);
    return await settled(store.get(file));
  }

  /** @throws Error where this browser keeps nothing */
  async all(): Promise<CellFile[]> {
    return await allFiles(await this.database);
  }

  /**
   * Puts files in the place of what was there: all of them or none. Kernels that run see them at once.
   * @throws Error where this browser keeps nothing, or has no space
   */
  async put(files: readonly CellFile[]): Promise<void> {
    const transaction = (await this.database).transaction(FILES, "readwrite");
    const store = transaction.objectStore(FILES);
    for (const [file, content] of files) {
      store.put(content, file);
    }
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    this.others.postMessage(files);
  }
}
