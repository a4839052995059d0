import { randomUUID } from "node:crypto";
import type { WebSocket as WebSocketType } from "undici-types";
import type { Hub } from "./hub";

// Node 20 has it behind --experimental-websocket, Node 22 always.
declare const WebSocket: typeof WebSocketType;

/** A message of Jupyter's protocol as its servers pass it through a WebSocket. */
interface Message {
  channel: string;
  header: { msg_type: string };
  parent_header: { msg_id?: string };
  content: Record<string, unknown>;
}

interface Request {
  onMessage(message: Message): void;
  reject(error: Error): void;
}

/** What a cell came to. */
export interface Outcome {
  /** The kernel's words where the cell raised an error. */
  error?: string;
  /** What it printed. */
  printed: string;
}

/** A student's kernel, spoken with through the hub as the student's browser does. */
export class StudentKernel {
  private readonly requests = new Map<string, Request>();

  private constructor(private readonly socket: WebSocketType) {
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      this.requests.get(message.parent_header.msg_id ?? "")?.onMessage(message);
    });
    socket.addEventListener("close", () => {
      for (const { reject } of this.requests.values()) {
        reject(new Error("The student's server closed the connection to the kernel."));
      }
    });
  }

  /**
   * Opens a notebook: its kernel is started in the notebook's folder. Resolves when it answers.
   *
   * @param path of the notebook, from the student's folder
   */
  static async open(hub: Hub, student: string, path: string, name: string): Promise<StudentKernel> {
    const session = { path, name: path, type: "notebook", kernel: { name } };
    const base = `/user/${student}/api`;
    const { kernel } = await hub.get<{ kernel: { id: string } }>(
      "POST",
      `${base}/sessions`,
      session,
    );
    const address = `${hub.url.replace(/^http/, "ws")}${base}/kernels/${kernel.id}/channels`;
    const socket = new WebSocket(`${address}?token=${hub.token}`);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => {
        reject(new Error(`${student}'s server refuses the connection to the kernel:\n${hub.log}`));
      });
    });
    const opened = new StudentKernel(socket);
    await opened.request("kernel_info_request", {});
    return opened;
  }

  /** Runs a cell. */
  async execute(code: string): Promise<Outcome> {
    let printed = "";
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    const reply = await this.request("execute_request", content, (message) => {
      if (message.header.msg_type === "stream") {
        printed += String(message.content.text);
      }
    });
    const { status, ename, evalue } = reply;
    return status === "ok" ? { printed } : { printed, error: `${ename}: ${evalue}` };
  }

  close(): void {
    this.socket.close();
  }

  /** Sends a request; the content of its reply, once the kernel has also said that it is idle. */
  private async request(
    type: string,
    content: object,
    onOutput: (message: Message) => void = () => {},
  ): Promise<Record<string, unknown>> {
    const id = randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      username: "",
      session: id,
      date: "",
      version: "5.3",
    };
    try {
      return await new Promise((resolve, reject) => {
        let reply: Record<string, unknown> | undefined;
        let idle = false;
        const onMessage = (message: Message) => {
          if (message.channel === "shell") {
            reply = message.content;
          } else if (message.header.msg_type === "status") {
            idle ||= message.content.execution_state === "idle";
          } else {
            onOutput(message);
          }
          if (reply && idle) {
            resolve(reply);
          }
        };
        this.requests.set(id, { onMessage, reject });
        const envelope = { header, parent_header: {}, metadata: {}, content, buffers: [] };
        this.socket.send(JSON.stringify({ ...envelope, channel: "shell" }));
      });
    } finally {
      this.requests.delete(id);
    }
  }
}
