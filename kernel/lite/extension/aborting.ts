// JupyterLite runs what waits behind a cell that has failed. Jupyter's other kernels abort it.
import type { Header, Message } from "./services";

/** What was sent before a cell failed, and had not been run by then, isn't run. */
export class Aborting {
  /** Milliseconds since 1970, by the page's clock, which dates requests, too. */
  private until = Number.NEGATIVE_INFINITY;

  /** A cell has failed, and those behind it were to wait for its success. */
  begin(): void {
    this.until = Date.now();
  }

  concerns({ header: { msg_type, date } }: Message): boolean {
    return msg_type === "execute_request" && Date.parse(date) <= this.until;
  }
}

/** The answers to a request that is not carried out, as the protocol has them. */
export function abortedAnswers({ header }: Message): Message[] {
  return [
    answer("shell", "execute_reply", { status: "aborted" }, header),
    answer("iopub", "status", { execution_state: "idle" }, header),
  ];
}

function answer(
  channel: string,
  msg_type: string,
  content: Record<string, unknown>,
  parent: Header,
): Message {
  const { session, username, version } = parent;
  const date = new Date().toISOString();
  return {
    channel,
    header: { msg_id: crypto.randomUUID(), msg_type, session, username, version, date },
    parent_header: parent,
    metadata: {},
    content,
    buffers: [],
  };
}
