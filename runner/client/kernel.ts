import { setTimeout as sleep } from "node:timers/promises";
import { type Channel, Channels, type RequestChannel } from "./channels";
import type { ConnectionFile } from "./connection";
import { KernelError } from "./errors";
import { type ExecuteOptions, type ExecuteResult, Execution } from "./execution";
import { Heartbeat } from "./heartbeat";
import type { KernelProcess } from "./kernelProcess";
import type { Message } from "./message";
import { DisplayRegistry } from "./outputs";
import { PendingRequests } from "./pendingRequests";
import type { KernelSpec } from "./spec";

/** How long a dead kernel's last words may be on their way, in milliseconds. */
const LAST_WORDS_MS = 5000;

export type MessageListener = (channel: Channel, message: Message) => void;

export interface RequestOptions {
  /** Default `shell`. */
  channel?: RequestChannel;
  /** Time limit in milliseconds. Default: none. */
  timeoutMs?: number;
}

/** A running kernel and the connection to it. Made by `startKernel`. */
export class Kernel {
  /** The content of the kernel's kernel_info_reply. */
  info: Record<string, unknown> = {};
  /** Where each display_id is shown, over all executions. */
  readonly displays = new DisplayRegistry();
  private readonly channels: Channels;
  private readonly executions = new Map<string, Execution>();
  private readonly requests = new PendingRequests();
  private readonly listeners = new Set<MessageListener>();
  private readonly faults: string[] = [];
  private heartbeat: Heartbeat | undefined;
  private failure: KernelError | undefined;
  private ended: Promise<void> | undefined;

  constructor(
    readonly spec: KernelSpec,
    private readonly process: KernelProcess,
    private readonly connection: ConnectionFile,
  ) {
    this.channels = new Channels(connection.info, {
      onMessage: (channel, message) => this.dispatch(channel, message),
      onFault: (channel, error) => this.faults.push(`${channel}: ${error.message}`),
    });
    void process.exited.then(() => this.noticeDeath());
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** The last 8 KB that the process wrote on its own stdout and stderr, outside any cell. */
  get lastWords(): string {
    return this.process.lastWords;
  }

  /** What arrived on the sockets but was no authentic message, in words. */
  get protocolFaults(): readonly string[] {
    return this.faults;
  }

  /**
   * Runs code and collects its outputs. An error raised by the code is a result, not a rejection.
   * @throws KernelError when the kernel died, fell silent, lost `idle`, asked for input that nobody
   *   answers, or when the time limit passed.
   */
  execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const execution = new Execution(options, this.displays);
    if (this.failure) {
      execution.fail(this.failure);
      return execution.result;
    }
    const { silent = false } = options;
    const request = this.channels.wire.compose("execute_request", {
      code,
      silent,
      store_history: options.storeHistory ?? !silent,
      user_expressions: options.userExpressions ?? {},
      allow_stdin: options.onStdin !== undefined,
      stop_on_error: options.stopOnError ?? true,
    });
    if (options.cellId !== undefined) {
      request.metadata.cellId = options.cellId;
    }
    if (options.subshell !== undefined) {
      request.header.subshell_id = options.subshell;
    }
    this.executions.set(request.header.msg_id, execution);
    this.channels.send("shell", request).catch((error) => execution.fail(sendError(error)));
    return execution.result;
  }

  /**
   * Sends any request and resolves with its reply.
   * @throws KernelError when the kernel died or fell silent, or when the time limit passed.
   */
  request(type: string, content: object, options: RequestOptions = {}): Promise<Message> {
    const { channel = "shell", timeoutMs } = options;
    if (this.failure) {
      return Promise.reject(this.failure);
    }
    const request = this.channels.wire.compose(type, content);
    const reply = this.requests.add(request.header, timeoutMs);
    this.channels
      .send(channel, request)
      .catch((error) => this.requests.reject(request.header.msg_id, sendError(error)));
    return reply;
  }

  /** Hears every message that the kernel sends from now on. Returns what stops the listening. */
  listen(listener: MessageListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Interrupts the running code in the way that the kernel's specification asks for. */
  async interrupt({ timeoutMs = 5000 } = {}): Promise<void> {
    if (this.spec.interruptMode === "message") {
      await this.request("interrupt_request", {}, { channel: "control", timeoutMs });
    } else {
      this.process.signal("SIGINT");
    }
  }

  /** Asks the kernel to end, waits, and kills it with all its descendants if it does not. */
  shutdown({ timeoutMs = 3000 } = {}): Promise<void> {
    this.ended ??= this.end(async () => {
      const request = this.channels.wire.compose("shutdown_request", { restart: false });
      this.channels.send("control", request).catch(() => {});
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([this.process.exited, patience]);
      clearTimeout(timer);
    });
    return this.ended;
  }

  /** Kills the kernel and all its descendants at once. */
  kill(): Promise<void> {
    const ended = this.ended;
    this.process.signal("SIGKILL");
    this.ended = ended ?? this.end(async () => {});
    return this.ended;
  }

  /** Watches from now on whether the kernel still answers. */
  watchHeartbeat(timeoutMs: number): void {
    this.heartbeat = new Heartbeat(this.channels.heartbeatSocket(), {
      timeoutMs,
      processorTicks: () => this.process.processorTicks(),
      onSilence: () =>
        this.fail(
          new KernelError(
            "silent",
            `The kernel has been silent for ${timeoutMs / 1000} s: no heartbeat, no processor time.`,
          ),
        ),
    });
  }

  private async end(ask: () => Promise<void>): Promise<void> {
    this.heartbeat?.stop();
    this.fail(new KernelError("closed", "The kernel was shut down."));
    await ask();
    await this.process.end();
    this.channels.close();
    this.connection.remove();
  }

  private dispatch(channel: Channel, message: Message): void {
    for (const listener of this.listeners) {
      listener(channel, message);
    }
    const parent = message.parent_header.msg_id ?? "";
    const execution = this.executions.get(parent);
    if (channel === "iopub") {
      execution?.takeOutput(message);
    } else if (channel === "stdin") {
      void this.answerInput(execution, message);
    } else if (execution) {
      execution.takeReply(message);
    } else {
      this.requests.resolve(parent, message);
    }
  }

  private async answerInput(execution: Execution | undefined, message: Message): Promise<void> {
    if (!execution || message.header.msg_type !== "input_request") {
      return;
    }
    const prompt = String(message.content.prompt ?? "");
    const { onStdin } = execution.options;
    if (!onStdin) {
      const text = `The code asks for input ("${prompt}") and there is nobody to answer.`;
      execution.fail(new KernelError("input", text));
      return;
    }
    try {
      const value = await onStdin(prompt, message.content.password === true);
      const reply = this.channels.wire.compose("input_reply", { value }, message.header);
      await this.channels.send("stdin", reply);
    } catch (error) {
      execution.fail(new KernelError("input", `No input was given: ${(error as Error).message}`));
    }
  }

  private async noticeDeath(): Promise<void> {
    // What the kernel sent before it died is still in the sockets: let it through first.
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Its last words may come by way of others, which may as well keep its output open forever.
    const limit = new AbortController();
    const late = sleep(LAST_WORDS_MS, undefined, { signal: limit.signal }).catch(() => {});
    await Promise.race([this.process.silenced, late]);
    limit.abort();
    const words = this.lastWords && ` The last that it wrote:\n${this.lastWords}`;
    this.fail(new KernelError("died", `The kernel died: ${this.process.ending}.${words}`));
  }

  private fail(error: KernelError): void {
    this.failure ??= error;
    for (const execution of this.executions.values()) {
      execution.fail(this.failure);
    }
    this.requests.rejectAll(this.failure);
  }
}

function sendError(error: Error): KernelError {
  return new KernelError("closed", `The message could not be sent: ${error.message}`);
}
