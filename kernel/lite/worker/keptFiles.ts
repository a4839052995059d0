import type { Change, FileMap } from "../web/bytes";
import { allFiles, type Database, FILES, openDatabase } from "./database";

/** What a kernel alone has, or what the site gives again. */
const PASSING = /^\/(tmp|cache|karenina)\//;

declare const BroadcastChannel: new (
  name: string,
) => {
  onmessage: ((event: { data: Change[] }) => void) | null;
  postMessage(changes: Change[]): void;
};

/**
 * Keeps the files of cells in the browser, under the site's address: another kernel finds them, and so
 * does this page when it is loaded again. What changes at once (a file, the two of a model, a rename) is
 * one transaction, so that it is there whole or not at all, whatever ends the worker.
 */
export class KeptFiles {
  private waiting = new Map<string, Uint8Array | undefined>();
  private underWay = false;
  private idle: (() => void)[] = [];
  private complained = false;

  private constructor(
    private readonly database: Database,
    private readonly others: InstanceType<typeof BroadcastChannel>,
    private readonly complain: (text: string) => void,
  ) {}

  /**
   * Reads what is kept, and keeps what changes from then on.
   *
   * @param name of the place, one for each site of an address
   * @param complain is called with a sentence where something could not be kept
   * @returns undefined where the browser keeps nothing, as in some private windows
   */
  static async open(
    files: FileMap,
    name: string,
    complain: (text: string) => void,
  ): Promise<KeptFiles | undefined> {
    let database: Database;
    try {
      database = await openDatabase(name, FILES);
    } catch {
      return undefined;
    }
    const others = new BroadcastChannel(name);
    const kept = new KeptFiles(database, others, complain);
    // Heard before the files are read, so that none is missed between.
    const late: Change[] = [];
    others.onmessage = ({ data }) => void late.push(...data);
    files.adopt(await allFiles(database));
    files.adopt(late);
    others.onmessage = ({ data }) => files.adopt(data);
    files.changed = (changes) => kept.take(changes);
    return kept;
  }

  private take(changes: readonly Change[]): void {
    for (const [file, content] of changes) {
      if (!PASSING.test(file)) {
        this.waiting.set(file, content);
      }
    }
    // Of a file that is written again and again, what it was meanwhile is not kept.
    if (!this.underWay) {
      this.write();
    }
  }

  /** Begins at once: a cell may run on without end. */
  private write(): void {
    const changes = [...this.waiting];
    this.waiting = new Map();
    if (changes.length === 0) {
      for (const resolve of this.idle.splice(0)) {
        resolve();
      }
      return;
    }
    this.underWay = true;
    const own = changes.map(
      // A copy: a part of a longer buffer would be kept with the whole of it.
      ([file, content]): Change => [file, content && new Uint8Array(content)],
    );
    const over = () => {
      this.underWay = false;
      this.write();
    };
    try {
      const transaction = this.database.transaction(FILES, "readwrite", { durability: "strict" });
      const store = transaction.objectStore(FILES);
      for (const [file, content] of own) {
        if (content) {
          store.put(content, file);
        } else {
          store.delete(file);
        }
      }
      transaction.oncomplete = () => {
        this.others.postMessage(own);
        over();
      };
      transaction.onabort = () => {
        this.fail(own, transaction.error);
        over();
      };
      transaction.commit();
    } catch (error) {
      this.fail(own, error as Error);
      over();
    }
  }

  private fail(changes: readonly Change[], error: Error | null): void {
    if (!this.complained) {
      this.complained = true;
      const reason =
        error?.name === "QuotaExceededError" ? "the browser's space for this site is full" : error;
      this.complain(
        `${changes[0][0]} could not be kept: ${reason}. It is there until the kernel ends. Remove files ` +
          "that nobody needs, and write it again.\n",
      );
    }
  }

  /** Resolves when all that was written is kept. */
  settled(): Promise<void> {
    return this.underWay ? new Promise((resolve) => this.idle.push(resolve)) : Promise.resolve();
  }
}
