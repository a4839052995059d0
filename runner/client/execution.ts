import { KernelError } from "./errors";
import type { Message } from "./message";
import { type DisplayRegistry, type Output, OutputArea } from "./outputs";

export interface ExecuteOptions {
  /** Called with every iopub message that the code causes, also with those after its end. */
  onOutput?: (message: Message) => void;
  /** Answers the code's requests for input. Without it the kernel learns that there is none. */
  onStdin?: (prompt: string, isPassword: boolean) => string | Promise<string>;
  /**
   * Time limit for the reply in milliseconds. When it passes the promise rejects; the code runs on
   * until it is interrupted or the kernel killed.
   */
  timeoutMs?: number;
  /** How long the reply and `idle` may wait for each other in silence. Default 10 s. */
  idleTimeoutMs?: number;
  /** How long to wait for stragglers after `idle`, counted from the last one. Default 20 ms. */
  drainMs?: number;
  /** Where outputs are collected; also keeps them when the promise rejects. */
  area?: OutputArea;
  /** No output, no counting. Default false. */
  silent?: boolean;
  /** Whether the kernel keeps the code in its history and counts it. Default: not silent. */
  storeHistory?: boolean;
  /** Whether an error makes the kernel abort requests that already wait. Default true. */
  stopOnError?: boolean;
  /** Which of the notebook's cells the code is, by its id. */
  cellId?: string;
  /** The subshell to run it in, as `create_subshell_request` gave it. Default: the main shell. */
  subshell?: string;
  /** Expressions to evaluate after the code, by name. */
  userExpressions?: Record<string, string>;
}

export interface ExecuteResult {
  /** `ok`, `error`, `aborted`, or whatever else the kernel answered. */
  status: string;
  executionCount: number | null;
  /** The area's outputs: the array still follows late output and updates of displays. */
  outputs: Output[];
  reply: Message;
}

/** One execute_request on its way: its outputs, and the conditions under which it is over. */
export class Execution {
  readonly result: Promise<ExecuteResult>;
  readonly area: OutputArea;
  private resolve!: (result: ExecuteResult) => void;
  private reject!: (error: KernelError) => void;
  private reply: Message | undefined;
  private idle = false;
  private draining = false;
  private settled = false;
  private lastMessageAt = 0;
  private limit: NodeJS.Timeout | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    readonly options: ExecuteOptions,
    displays: DisplayRegistry,
  ) {
    this.area = options.area ?? new OutputArea(displays);
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const { timeoutMs } = options;
    if (timeoutMs !== undefined && Number.isFinite(timeoutMs)) {
      const passed = () =>
        this.fail(new KernelError("timeout", `The code ran longer than ${timeoutMs / 1000} s.`));
      this.limit = this.after(timeoutMs, passed);
    }
  }

  /** Takes in a message of the iopub channel that names this request as its parent. */
  takeOutput(message: Message): void {
    this.lastMessageAt = Date.now();
    if (message.header.msg_type === "status") {
      if (message.content.execution_state === "idle") {
        this.idle = true;
        this.finishIfComplete();
        if (!this.reply) {
          this.awaitRest();
        }
      }
    } else {
      this.area.add(message);
    }
    this.options.onOutput?.(message);
  }

  takeReply(reply: Message): void {
    this.reply = reply;
    this.lastMessageAt = Date.now();
    clearTimeout(this.limit);
    this.finishIfComplete();
    if (!this.idle) {
      this.awaitRest();
    }
  }

  fail(error: KernelError): void {
    if (!this.settled) {
      this.settle();
      this.reject(error);
    }
  }

  private finishIfComplete(): void {
    if (this.settled || this.draining || !this.idle || !this.reply) {
      return;
    }
    const { drainMs = 20 } = this.options;
    if (drainMs > 0) {
      this.drain(drainMs, Date.now() + 10 * drainMs);
    } else {
      this.succeed(this.reply);
    }
  }

  private drain(drainMs: number, deadline: number): void {
    this.draining = true;
    this.after(drainMs, () => {
      if (Date.now() - this.lastMessageAt < drainMs && Date.now() < deadline) {
        this.drain(drainMs, deadline);
      } else {
        this.succeed(this.reply!);
      }
    });
  }

  private succeed(reply: Message): void {
    this.settle();
    const count = reply.content.execution_count;
    this.area.executionCount ??= typeof count === "number" ? count : null;
    this.resolve({
      status: String(reply.content.status),
      executionCount: this.area.executionCount,
      outputs: this.area.outputs,
      reply,
    });
  }

  /** The reply and `idle` come on different sockets: the second may lag, but not forever. */
  private awaitRest(): void {
    const { idleTimeoutMs = 10_000 } = this.options;
    this.after(this.lastMessageAt + idleTimeoutMs - Date.now(), () => {
      if (this.idle && this.reply) {
        return;
      }
      if (Date.now() - this.lastMessageAt < idleTimeoutMs) {
        this.awaitRest();
        return;
      }
      const limit = `within ${idleTimeoutMs / 1000} s of its last message`;
      this.fail(
        this.reply
          ? new KernelError(
              "no-idle",
              `The kernel answered but its "idle" status did not come ${limit}: output was lost.`,
            )
          : new KernelError(
              "no-reply",
              `The kernel became idle but its answer did not come ${limit}.`,
            ),
      );
    });
  }

  private after(ms: number, then: () => void): NodeJS.Timeout {
    // Node's timers hold at most 2^31 - 1 ms, 24 days.
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        then();
      },
      Math.min(Math.max(ms, 0), 2 ** 31 - 1),
    );
    this.timers.add(timer);
    return timer;
  }

  private settle(): void {
    this.settled = true;
    for (const timer of this.timers) {
      clearTimeout(timer);
    }
    this.timers.clear();
  }
}
