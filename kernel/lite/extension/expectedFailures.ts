import type { Header, Message } from "./services";

/**
 * Cells that may fail, as those with the tag `raises-exception`: what waits behind them is to be run.
 * JupyterLite 0.8 forgets what waits behind any reply that says "error", unless its metadata say that
 * an interrupt was the cause; so that is what the replies to such cells say.
 */
export class ExpectedFailures {
  private readonly requests = new Set<string>();

  /** @param request whose failure stops nothing */
  add({ msg_id }: Header): void {
    this.requests.add(msg_id);
  }

  /** The message as it is to be sent. */
  mark(message: Message): Message {
    const { header, parent_header, metadata } = message;
    const marked =
      header.msg_type === "execute_reply" && this.requests.delete(parent_header?.msg_id ?? "");
    return marked ? { ...message, metadata: { ...metadata, cause: "interrupt" } } : message;
  }
}
