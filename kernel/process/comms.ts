import { randomUUID } from "node:crypto";
import type { CommContent, CommKind } from "../channel";
import type { Contexts } from "./contexts";
import type { Link } from "./link";

/** What a message carries besides its data. */
interface MessageParts {
  buffers?: Uint8Array[];
  metadata?: Record<string, unknown>;
}

/** A channel to a widget or an extension of the front end (types/globals.d.ts tells its users). */
interface Comm {
  readonly id: string;
  readonly target: string;
  readonly data: unknown;
  send(data: unknown, options?: MessageParts): void;
  close(data?: unknown): void;
  onMessage?: (data: unknown, buffers: Uint8Array[]) => void;
  onClose?: (data: unknown) => void;
}

/** The comms that are open, and what serves those that the front end opens. */
export class Comms {
  private readonly comms = new Map<string, Comm>();
  private readonly targets = new Map<string, (comm: Comm) => void>();

  constructor(
    private readonly link: Link,
    private readonly contexts: Contexts,
  ) {}

  open(target: string, data: unknown = {}, parts: MessageParts = {}): Comm {
    const comm = this.create(randomUUID(), target, data);
    this.publish("comm_open", { comm_id: comm.id, target_name: target, data }, parts);
    return comm;
  }

  register(target: string, opened: (comm: Comm) => void): void {
    this.targets.set(target, opened);
  }

  /** Serves a message of the front end. */
  receive(kind: CommKind, content: CommContent, buffers: Uint8Array[]): void {
    const { comm_id: id, data } = content;
    if (kind === "comm_open") {
      const opened = this.targets.get(content.target_name ?? "");
      const comm = this.create(id, content.target_name ?? "", data);
      if (opened) {
        opened(comm);
      } else {
        // The protocol: whoever opens a comm to nobody learns that it is closed.
        comm.close();
      }
      return;
    }
    const comm = this.comms.get(id);
    if (kind === "comm_msg") {
      comm?.onMessage?.(data, buffers);
    } else if (comm) {
      this.forget(id);
      comm.onClose?.(data);
    }
  }

  private create(id: string, target: string, data: unknown): Comm {
    const comm: Comm = {
      id,
      target,
      data,
      send: (message, parts) => this.publish("comm_msg", { comm_id: id, data: message }, parts),
      close: (last = {}) => {
        if (this.comms.has(id)) {
          this.forget(id);
          this.publish("comm_close", { comm_id: id, data: last });
        }
      },
    };
    this.comms.set(id, comm);
    this.report();
    return comm;
  }

  private forget(id: string): void {
    this.comms.delete(id);
    this.report();
  }

  /** The front answers comm_info_request without asking. */
  private report(): void {
    const comms = [...this.comms.values()].map(({ id, target }) => [id, { target_name: target }]);
    this.link.send({ type: "comms", comms: Object.fromEntries(comms) });
  }

  private publish(kind: CommKind, content: CommContent, parts?: MessageParts): void {
    this.link.publish(kind, content, this.contexts.current, parts);
  }
}
