/**
 * Text as a terminal would leave it: a carriage return rewrites the line it stands in, a backspace
 * takes back one character of it. A progress bar of 1,000 steps thus becomes its last state.
 *
 * Finished lines and the current one are kept apart, so that appending costs the length of what is
 * appended, however long the text already is.
 */
export class StreamText {
  private finished = "";
  private line = "";
  /** A carriage return was last: what follows decides whether it ends the line or rewrites it. */
  private returned = false;

  append(text: string): void {
    if (!this.returned && !/[\r\b]/.test(text)) {
      const end = text.lastIndexOf("\n") + 1;
      if (end > 0) {
        this.finished += this.line + text.slice(0, end);
        this.line = text.slice(end);
      } else {
        this.line += text;
      }
      return;
    }
    for (const piece of text.split(/([\r\n\b])/)) {
      this.appendPiece(piece);
    }
  }

  private appendPiece(piece: string): void {
    switch (piece) {
      case "":
        return;
      case "\r":
        this.returned = true;
        return;
      case "\n":
        this.finished += `${this.line}\n`;
        this.line = "";
        break;
      case "\b":
        this.line = this.line.slice(0, -1);
        break;
      default:
        this.line = this.returned ? piece : this.line + piece;
    }
    this.returned = false;
  }

  toString(): string {
    return this.finished + this.line;
  }
}
