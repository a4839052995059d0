import { randomUUID } from "node:crypto";
import type { CommContent, CommKind } from "../channel";
import { CellContext, type Contexts } from "./contexts";
import type { Link } from "./link";

/** What a message carries besides its data. */
interface MessageParts {
  buffers?: Uint8Array[];
  metadata?: Record<string, unknown>;
}

/** A channel to a widget or an extension of the front end (types/globals.d.ts tells its users). */
export interface Comm {
  readonly id: string;
  readonly target: string;
  readonly data: unknown;
  send(data: unknown, options?: MessageParts): void;
  close(data?: unknown): void;
  onMessage?: (data: unknown, buffers: Uint8Array[]) => void;
  onClose?: (data: unknown) => void;
}

interface Open {
  comm: Comm;
  /** The cell that opened it; undefined where the front end did. */
  opener: string | undefined;
}

/** The comms that are open, and what serves those that the front end opens. */
export class Comms {
  private readonly comms = new Map<string, Open>();
  private readonly targets = new Map<string, (comm: Comm) => void>();
  /** The front end's message that is being served. */
  private answering: string | undefined;

  constructor(
    private readonly link: Link,
    private readonly contexts: Contexts,
  ) {}

  open(target: string, data: unknown = {}, parts: MessageParts = {}): Comm {
    const comm = this.create(randomUUID(), target, data, this.contexts.current?.id);
    this.publish("comm_open", { comm_id: comm.id, target_name: target, data }, parts);
    return comm;
  }

  register(target: string, opened: (comm: Comm) => void): void {
    this.targets.set(target, opened);
  }

  /**
   * Serves a message of the front end. What its handler shows belongs to the cell that opened the
   * comm, as what a timer shows does, and can be stopped by itself; what it sends through comms
   * answers the message, by whose id widgets know the echo of their own changes.
   */
  receive(request: string, kind: CommKind, content: CommContent, buffers: Uint8Array[]): void {
    const opener = this.comms.get(content.comm_id)?.opener ?? request;
    this.contexts.serve(new CellContext(opener, 0, false, false, undefined, "", true));
    this.answering = request;
    try {
      this.handle(kind, content, buffers);
    } finally {
      this.answering = undefined;
    }
  }

  private handle(kind: CommKind, content: CommContent, buffers: Uint8Array[]): void {
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
    const comm = this.comms.get(id)?.comm;
    if (kind === "comm_msg") {
      comm?.onMessage?.(data, buffers);
    } else if (comm) {
      this.forget(id);
      comm.onClose?.(data);
    }
  }

  private create(id: string, target: string, data: unknown, opener?: string): Comm {
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
    this.comms.set(id, { comm, opener });
    this.report();
    return comm;
  }

  private forget(id: string): void {
    this.comms.delete(id);
    this.report();
  }

  /** The front answers comm_info_request without asking. */
  private report(): void {
    const comms = [...this.comms.values()].map(({ comm }) => [
      comm.id,
      { target_name: comm.target },
    ]);
    this.link.send({ type: "comms", comms: Object.fromEntries(comms) });
  }

  private publish(kind: CommKind, content: CommContent, parts?: MessageParts): void {
    const { answering } = this;
    const owner =
      answering === undefined ? this.contexts.current : { id: answering, silent: false };
    this.link.publish(kind, content, owner, parts);
  }
}
