// The reader's progress, which the site's kernels keep as a file among those of their cells.
import type { Change } from "../../../kernel/lite/web/bytes";
import {
  type Database,
  FILES,
  filesPlace,
  openDatabase,
  settled,
} from "../../../kernel/lite/worker/database";
import { KERNEL_FOLDER } from "../kernelFolder";
import { PROGRESS_FILE } from "../page/progressFile";

export class KeptProgress {
  private readonly database: Promise<Database>;
  private readonly others: BroadcastChannel;

  /**
   * @param site the address of the first page
   * @param onChange is called with what a kernel or another page has put
   */
  constructor(site: string, onChange: (text: string) => void) {
    const place = filesPlace(new URL(KERNEL_FOLDER, site).href);
    this.others = new BroadcastChannel(place);
    this.others.onmessage = ({ data }: { data: Change[] }) => {
      for (const [file, content] of data) {
        if (file === PROGRESS_FILE && content) {
          onChange(new TextDecoder().decode(content));
        }
      }
    };
    this.database = openDatabase(place, FILES).catch(() => {
      throw new Error("this browser keeps nothing for this site");
    });
    // Whoever reads or puts hears of it.
    this.database.catch(() => {});
  }

  /** @throws Error where this browser keeps nothing, as in some private windows */
  async read(): Promise<string | undefined> {
    const store = (await this.database).transaction(FILES, "readonly").objectStore(FILES);
    const content = await settled(store.get(PROGRESS_FILE));
    return content && new TextDecoder().decode(content);
  }

  /** @throws Error where this browser keeps nothing */
  async put(text: string): Promise<void> {
    const content = new TextEncoder().encode(text);
    const store = (await this.database).transaction(FILES, "readwrite").objectStore(FILES);
    await settled(store.put(content, PROGRESS_FILE));
    const changes: Change[] = [[PROGRESS_FILE, content]];
    this.others.postMessage(changes);
  }
}
