// Pieces of output that follow each other closely become one message: a front end that gets thousands a second
// has no time left to draw one.

/** How long text may wait for more of its kind, in milliseconds. */
const PATIENCE = 20;
/** Text of one message beyond which it does not wait. */
const FULL = 1 << 16;

/** Joins the pieces of a stream of a cell, in order. */
export class JoinedText<Parent> {
  private name: "stdout" | "stderr" = "stdout";
  private parent: Parent | undefined;
  private pieces: string[] = [];
  private characters = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param deliver takes what has come together */
  constructor(
    private readonly deliver: (
      content: { name: "stdout" | "stderr"; text: string },
      parent: Parent | undefined,
    ) => void,
  ) {}

  add(name: "stdout" | "stderr", text: string, parent: Parent | undefined): void {
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

  /** Delivers what waits: before anything else that is to come after it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pieces.length > 0) {
      const text = this.pieces.join("");
      this.pieces = [];
      this.characters = 0;
      this.deliver({ name: this.name, text }, this.parent);
    }
  }
}
