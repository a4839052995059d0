import type { ErrorContent, Outcome } from "../../channel";
import { JoinedText } from "../../joinedText";
import type { ToPage } from "../messages";
import { ExpectedFailures } from "./expectedFailures";
import type { Header, KernelOptions, Message, Services } from "./services";
import { WorkerLine } from "./worker";

/** Can be stopped while it runs a cell. */
export interface Stoppable {
  interrupt(): void;
}

interface ExecuteContent {
  code: string;
  silent: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
  allow_stdin?: boolean;
  user_expressions?: Record<string, string>;
}

interface EditorQuestion {
  code: string;
  cursor_pos?: number;
}

/** Milliseconds for the page to draw a text, and to hear of clicks, before it is given more. */
const TIME_TO_DRAW = 30;

/** Stands beneath a cell where Stop has done nothing. */
const UNSTOPPABLE =
  "This page cannot stop code that never waits: it shares no memory with the kernel, because it is not " +
  "cross-origin isolated. Restart the kernel to end it; its variables are lost then.\n";

/**
 * The class of this kernel, which extends JupyterLite's.
 *
 * @param base the folder that the worker lies in: an address that ends in "/"
 * @param running the kernels that there are, by id
 */
export function kernelClass(
  { BaseKernel }: Services,
  base: string,
  running: Map<string, Stoppable>,
) {
  return class KareninaKernel extends BaseKernel {
    private readonly line: WorkerLine;
    /** The requests whose outputs may come, by their ids. */
    private readonly heads = new Map<string, Header>();
    private readonly text = new JoinedText<Header>((content, head) => {
      this.stream(content, head);
      setTimeout(() => this.line.taken(content.text.length), TIME_TO_DRAW);
    });
    private comms: object = {};
    private asked: number | undefined;
    private cell: Header | undefined;
    private readonly expectedFailures: ExpectedFailures;

    constructor(options: KernelOptions) {
      const expectedFailures = new ExpectedFailures();
      super({
        ...options,
        sendMessage: (message) => options.sendMessage(expectedFailures.mark(message)),
      });
      this.expectedFailures = expectedFailures;
      this.line = new WorkerLine(`${base}worker.js`, (message) => this.take(message));
      running.set(options.id, this);
    }

    override dispose(): void {
      if (!this.isDisposed) {
        running.delete(this.id);
        this.text.flush();
        this.line.end();
        super.dispose();
      }
    }

    interrupt(): void {
      const { cell } = this;
      this.line.interrupt(() => {
        if (this.cell === cell && cell) {
          this.text.flush();
          this.stream({ name: "stderr", text: UNSTOPPABLE }, cell);
        }
      });
    }

    private take(message: ToPage): void {
      const { cell } = message as { cell?: string };
      const head = (cell === undefined ? undefined : this.heads.get(cell)) ?? this.parentHeader;
      if (message.type === "stream") {
        this.text.add(message.name, message.text, head);
        return;
      }
      this.text.flush();
      switch (message.type) {
        case "publish": {
          const { kind, content, metadata, buffers } = message;
          if (kind === "display_data") {
            this.displayData(content, head);
          } else if (kind === "update_display_data") {
            this.updateDisplayData(content, head);
          } else if (kind === "clear_output") {
            this.clearOutput(content, head);
          } else if (kind === "error") {
            this.publishExecuteError(content, head);
          } else {
            this.handleComm(kind, content, metadata ?? {}, buffers ?? [], head);
          }
          break;
        }
        case "input":
          this.asked = message.id;
          this.inputRequest({ prompt: message.prompt, password: message.password }, head);
          break;
        case "comms":
          this.comms = message.comms;
          break;
      }
    }

    async kernelInfoRequest(): Promise<object> {
      const version = await this.line.started.catch(() => "");
      return {
        status: "ok",
        protocol_version: "5.4",
        implementation: "karenina-kernel",
        implementation_version: "0.1.0",
        banner: `Karenina: TypeScript ${version} in the browser`,
        help_links: [],
        language_info: {
          name: "typescript",
          version,
          mimetype: "text/typescript",
          file_extension: ".ts",
          codemirror_mode: "typescript",
          pygments_lexer: "typescript",
          nbconvert_exporter: "script",
        },
      };
    }

    async executeRequest(content: ExecuteContent): Promise<object> {
      const head = this.parentHeader as Header;
      const count = this.executionCount;
      this.heads.set(head.msg_id, head);
      this.cell = head;
      const outcome = await this.outcomeOf(content, head, count).finally(() => {
        this.cell = undefined;
        this.text.flush();
      });
      if (outcome.status === "error") {
        this.publishExecuteError(outcome.error, head);
        if (content.stop_on_error === false) {
          this.expectedFailures.add(head);
        }
        return { status: "error", execution_count: count, ...outcome.error };
      }
      if (outcome.result) {
        this.publishExecuteResult({ execution_count: count, ...outcome.result }, head);
      }
      return {
        status: "ok",
        execution_count: count,
        user_expressions: outcome.userExpressions,
        payload: outcome.payload ?? [],
      };
    }

    private async outcomeOf(
      content: ExecuteContent,
      head: Header,
      count: number,
    ): Promise<Outcome> {
      try {
        await this.line.started;
      } catch (error) {
        return { status: "error", error: asContent(error as Error) };
      }
      return await this.line.ask<Outcome>({
        type: "execute",
        id: head.msg_id,
        code: content.code,
        notebookCell: this.parent?.metadata?.cellId,
        count,
        silent: content.silent,
        aside: false,
        storeHistory: content.store_history ?? true,
        allowStdin: content.allow_stdin ?? false,
        userExpressions: content.user_expressions ?? {},
      });
    }

    private async question(
      kind: "complete_request" | "inspect_request" | "is_complete_request",
      content: EditorQuestion,
    ): Promise<object> {
      await this.line.started;
      return await this.line.ask<object>({ type: "ask", id: newId(), kind, content });
    }

    completeRequest(content: EditorQuestion): Promise<object> {
      return this.question("complete_request", content);
    }

    inspectRequest(content: EditorQuestion): Promise<object> {
      return this.question("inspect_request", content);
    }

    isCompleteRequest(content: EditorQuestion): Promise<object> {
      return this.question("is_complete_request", content);
    }

    async commInfoRequest(): Promise<object> {
      return { status: "ok", comms: this.comms };
    }

    inputReply(content: { value?: string }): void {
      if (this.asked !== undefined) {
        this.line.answer({ id: this.asked, value: content.value ?? "" });
        this.asked = undefined;
      }
    }

    private async comm(
      kind: "comm_open" | "comm_msg" | "comm_close",
      { header, content, buffers = [] }: Message,
    ): Promise<void> {
      await this.line.started;
      this.heads.set(header.msg_id, header);
      await this.line.ask<void>({
        type: "comm",
        id: header.msg_id,
        kind,
        content: content as never,
        buffers: buffers.map((each) =>
          ArrayBuffer.isView(each)
            ? new Uint8Array(each.buffer as ArrayBuffer, each.byteOffset, each.byteLength)
            : new Uint8Array(each),
        ),
      });
    }

    commOpen(message: Message): Promise<void> {
      return this.comm("comm_open", message);
    }

    commMsg(message: Message): Promise<void> {
      return this.comm("comm_msg", message);
    }

    commClose(message: Message): Promise<void> {
      return this.comm("comm_close", message);
    }
  };
}

let ids = 0;
const newId = () => `question-${++ids}`;

function asContent({ message }: Error): ErrorContent {
  return { ename: "KernelError", evalue: message, traceback: [message] };
}
