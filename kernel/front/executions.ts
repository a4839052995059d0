import type { ExecuteRequest, Outcome, ToMain } from "../channel";
import type { History } from "./history";
import type { IoPublisher } from "./publisher";
import type { Channel, Sockets } from "./sockets";
import type { Header, Message } from "./wire";

interface Queued {
  message: Message;
  channel: Channel;
}

interface Running extends Queued {
  request: ExecuteRequest;
  /** Has the main thread taken it up? */
  started: boolean;
}

const STOPPED = {
  ename: "KeyboardInterrupt",
  evalue: "The cell was stopped.",
  traceback: ["KeyboardInterrupt: The cell was stopped."],
};

/** Past cells whose late output can still be distinguished. */
const REMEMBERED = 10_000;

/** What all shells of a kernel count and remember together. */
export class ExecutionRecord {
  /** The execution count of the cell that was begun last. */
  count = 0;
  private readonly parents = new Map<string, Header>();

  constructor(readonly history: History) {}

  /** The request that a cell's output belongs to. */
  parentOf(cell: string | undefined): Header | undefined {
    return cell === undefined ? undefined : this.parents.get(cell);
  }

  /** Makes a request one that output can belong to. */
  remember(header: Header): void {
    this.parents.set(header.msg_id, header);
    if (this.parents.size > REMEMBERED) {
      const [oldest] = this.parents.keys();
      this.parents.delete(oldest);
    }
  }
}

/** Hands the cells of a shell to the main thread one after the other and answers for them. */
export class Executions {
  running: Running | undefined;
  /** The request of the cell that runs, or that ran last. */
  latest: Message | undefined;
  private queue: Queued[] = [];
  private failing = false;
  private stoppedBefore: string | undefined;

  constructor(
    private readonly sockets: Sockets,
    private readonly publisher: IoPublisher,
    private readonly record: ExecutionRecord,
    private readonly toMain: (message: ToMain) => void,
    /** Is it one beside the main shell? */
    private readonly aside = false,
  ) {}

  add(message: Message, channel: Channel): void {
    this.queue.push({ message, channel });
    this.next();
  }

  /** Ends the shell: what waits in it is aborted, what runs may end. */
  close(): void {
    this.abortQueued();
  }

  started(id: string): void {
    if (this.running?.request.id === id) {
      this.running.started = true;
    }
  }

  /** Sends the running cell again, in case the message was lost when code was terminated. */
  remind(): void {
    if (this.running && !this.running.started) {
      this.toMain(this.running.request);
    }
  }

  /**
   * The main thread says that it has stopped a cell, or that it had none to stop. Normally the end
   * of the cell is reported in a moment. It is not where the main thread was terminated while it
   * saw to that; then this reports it.
   *
   * @param cells those that the main thread has stopped, of all shells
   * @param again stops them once more
   */
  stopped(cells: readonly string[], again: () => void): void {
    const id = this.running?.request.id;
    if (id === undefined || !this.running?.started) {
      return;
    }
    if (!cells.includes(id) || this.stoppedBefore === id) {
      void this.done(id, { status: "error", error: STOPPED });
      return;
    }
    this.stoppedBefore = id;
    setTimeout(() => {
      if (this.running?.request.id === id) {
        again();
      }
    }, 1000);
  }

  async done(id: string, outcome: Outcome): Promise<void> {
    if (this.running?.request.id !== id || this.failing) {
      return;
    }
    const { message, channel, request } = this.running;
    const { header, content } = message;
    const execution_count = request.count;
    if (outcome.status === "ok") {
      if (outcome.result) {
        this.publisher.publish("execute_result", { ...outcome.result, execution_count }, header);
      }
    } else if (!request.silent) {
      this.publisher.publish("error", outcome.error, header);
    }
    const aborts = outcome.status === "error" && content.stop_on_error !== false;
    if (aborts) {
      // Cells sent together with this one may still be on their way in. None that is sent in
      // answer to its reply can be among them, for that has not been sent yet.
      this.failing = true;
      await turns(3);
      this.failing = false;
    }
    this.reply(
      { message, channel },
      outcome.status === "ok"
        ? {
            status: "ok",
            execution_count,
            user_expressions: outcome.userExpressions,
            payload: outcome.payload ?? [],
          }
        : { status: "error", execution_count, ...outcome.error, user_expressions: {}, payload: [] },
    );
    this.running = undefined;
    if (aborts) {
      this.abortQueued();
    }
    this.next();
  }

  private abortQueued(): void {
    const queued = this.queue;
    this.queue = [];
    for (const one of queued) {
      this.publisher.status("busy", one.message.header);
      this.reply(one, { status: "aborted", execution_count: this.record.count });
    }
  }

  private reply({ message, channel }: Queued, content: object): void {
    const { identities, header } = message;
    this.publisher.flush();
    this.sockets.send(channel, { identities, type: "execute_reply", parent: header, content });
    this.publisher.status("idle", header);
  }

  private next(): void {
    const queued = this.running ? undefined : this.queue.shift();
    if (!queued) {
      return;
    }
    const { header, metadata, content } = queued.message;
    const silent = content.silent === true;
    const storeHistory = !silent && content.store_history !== false;
    const code = String(content.code ?? "");
    if (storeHistory) {
      this.record.count++;
      this.record.history.add(this.record.count, code);
    }
    this.record.remember(header);
    this.publisher.status("busy", header);
    if (!silent) {
      this.publisher.publish("execute_input", { code, execution_count: this.record.count }, header);
    }
    const request: ExecuteRequest = {
      type: "execute",
      id: header.msg_id,
      code,
      notebookCell: typeof metadata.cellId === "string" ? metadata.cellId : undefined,
      count: this.record.count,
      silent,
      aside: this.aside,
      storeHistory,
      allowStdin: content.allow_stdin === true,
      userExpressions: (content.user_expressions ?? {}) as Record<string, string>,
    };
    this.latest = queued.message;
    this.running = { ...queued, request, started: false };
    this.toMain(request);
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
