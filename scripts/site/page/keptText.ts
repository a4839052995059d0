// A text that this browser keeps for the site: its pages and the kernels' workers see the same.

/** As far as they are used. Pages and workers alike have them. */
interface Request<T> {
  result: T;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
  onupgradeneeded: (() => void) | null;
}
interface Table {
  get(key: string): Request<string | undefined>;
  put(value: string, key: string): Request<unknown>;
}
interface Database {
  createObjectStore(name: string): void;
  transaction(name: string, mode: "readonly" | "readwrite"): { objectStore(name: string): Table };
}
declare const indexedDB: { open(name: string, version: number): Request<Database> };
declare class BroadcastChannel {
  constructor(name: string);
  onmessage: ((message: { data: string }) => void) | null;
  postMessage(text: string): void;
}

const TABLE = "texts";

export class KeptText {
  private readonly database: Promise<Database>;
  private readonly channel: BroadcastChannel;

  /**
   * @param site the path at which the site begins: others at the same host keep their own
   * @param name what the text is called
   * @param onChange is called with what another page or worker has put
   */
  constructor(
    site: string,
    private readonly name: string,
    onChange: (text: string) => void,
  ) {
    const place = `karenina ${site}`;
    this.channel = new BroadcastChannel(`${place} ${name}`);
    this.channel.onmessage = ({ data }) => onChange(data);
    const opening = indexedDB.open(place, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    this.database = settled(opening);
    // Whoever reads or puts hears of it.
    this.database.catch(() => {});
  }

  /** @throws Error where this browser keeps nothing, as in some private windows */
  async read(): Promise<string | undefined> {
    return await settled((await this.table("readonly")).get(this.name));
  }

  /** @throws Error where this browser keeps nothing */
  async put(text: string): Promise<void> {
    this.channel.postMessage(text);
    await settled((await this.table("readwrite")).put(text, this.name));
  }

  private async table(mode: "readonly" | "readwrite"): Promise<Table> {
    return (await this.database).transaction(TABLE, mode).objectStore(TABLE);
  }
}

function settled<T>(request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error("this browser keeps nothing for this site"));
  });
}
