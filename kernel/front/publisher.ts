import type { Sockets } from "./sockets";
import type { Header, Outgoing } from "./wire";

/** How long text may wait for more of its kind, in milliseconds. */
const PATIENCE = 20;
/** Text of one message beyond which it does not wait. */
const FULL = 1 << 16;

/** Publishes on iopub, in order, joining pieces of text that follow each other closely. */
export class IoPublisher {
  private name: "stdout" | "stderr" = "stdout";
  private parent: Header | undefined;
  private pieces: string[] = [];
  private characters = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly sockets: Sockets) {}

  stream(name: "stdout" | "stderr", text: string, parent: Header | undefined): void {
    if (this.pieces.length > 0 && (this.name !== name || this.parent !== parent)) {
      this.flush();
    }
    this.name = name;
    this.parent = parent;
    this.pieces.push(text);
    this.characters += text.length;
    if (this.characters >= FULL) {
      this.flush();
    } else {
      this.timer ??= setTimeout(() => this.flush(), PATIENCE);
    }
  }

  publish(
    type: string,
    content: object,
    parent: Header | undefined,
    { metadata, buffers }: Pick<Outgoing, "metadata" | "buffers"> = {},
  ): void {
    this.flush();
    this.sockets.publish({ type, content, parent, metadata, buffers });
  }

  status(state: "starting" | "busy" | "idle", parent?: Header): void {
    this.publish("status", { execution_state: state }, parent);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pieces.length > 0) {
      const text = this.pieces.join("");
      this.pieces = [];
      this.characters = 0;
      this.sockets.publish({
        type: "stream",
        content: { name: this.name, text },
        parent: this.parent,
      });
    }
  }
}
