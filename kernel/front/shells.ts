import { randomUUID } from "node:crypto";
import type { Outcome, ToMain } from "../channel";
import { type ExecutionRecord, Executions } from "./executions";
import type { IoPublisher } from "./publisher";
import type { Channel, Sockets } from "./sockets";
import type { Message } from "./wire";

/**
 * The main shell, and those that clients have opened beside it (JEP 91): each runs its own cells one
 * after the other, whatever the others are at. All cells run on the main thread, so that they share
 * the session's names and take turns where they wait, as functions of a program do.
 * https://jupyter.org/enhancement-proposals/91-kernel-subshells/kernel-subshells.html
 */
export class Shells {
  readonly main: Executions;
  private readonly subshells = new Map<string, Executions>();
  /** Deleted ones whose last cell still runs. */
  private readonly leaving = new Set<Executions>();

  constructor(
    private readonly sockets: Sockets,
    private readonly publisher: IoPublisher,
    private readonly record: ExecutionRecord,
    private readonly toMain: (message: ToMain) => void,
  ) {
    this.main = new Executions(sockets, publisher, record, toMain);
  }

  /** The content of a reply to one of the requests for subshells; undefined for any other request. */
  answer({ header, content }: Message): object | undefined {
    const id = String(content.subshell_id);
    switch (header.msg_type) {
      case "create_subshell_request":
        return { status: "ok", subshell_id: this.create() };
      case "delete_subshell_request":
        return this.delete(id) ? { status: "ok" } : unknownSubshell(id);
      case "list_subshell_request":
        return { status: "ok", subshell_id: [...this.subshells.keys()] };
      default:
        return undefined;
    }
  }

  /** Has a cell run in the shell that its request names. */
  execute(message: Message, channel: Channel): void {
    const { identities, header } = message;
    const id = header.subshell_id;
    const shell = typeof id === "string" ? this.subshells.get(id) : this.main;
    if (shell) {
      shell.add(message, channel);
      return;
    }
    this.publisher.status("busy", header);
    const content = {
      ...unknownSubshell(String(id)),
      execution_count: this.record.count,
      user_expressions: {},
      payload: [],
    };
    this.sockets.send(channel, { identities, type: "execute_reply", parent: header, content });
    this.publisher.status("idle", header);
  }

  /** The request of a cell that runs. */
  asker(cell: string | undefined): Message | undefined {
    return this.all.find(({ running }) => running?.message.header.msg_id === cell)?.running
      ?.message;
  }

  started(id: string): void {
    for (const shell of this.all) {
      shell.started(id);
    }
  }

  remind(): void {
    for (const shell of this.all) {
      shell.remind();
    }
  }

  stopped(cells: readonly string[], again: () => void): void {
    for (const shell of this.all) {
      shell.stopped(cells, again);
    }
  }

  done(id: string, outcome: Outcome): void {
    for (const shell of this.all) {
      void shell.done(id, outcome);
    }
    for (const shell of this.leaving) {
      if (!shell.running) {
        this.leaving.delete(shell);
      }
    }
  }

  private create(): string {
    const id = randomUUID();
    const { sockets, publisher, record, toMain } = this;
    this.subshells.set(id, new Executions(sockets, publisher, record, toMain, true));
    return id;
  }

  private delete(id: string): boolean {
    const shell = this.subshells.get(id);
    if (!shell) {
      return false;
    }
    this.subshells.delete(id);
    this.leaving.add(shell);
    shell.close();
    return true;
  }

  private get all(): Executions[] {
    return [this.main, ...this.subshells.values(), ...this.leaving];
  }
}

function unknownSubshell(id: string) {
  return {
    status: "error",
    ename: "UnknownSubshell",
    evalue: `There is no subshell "${id}": it was deleted, or belongs to a kernel before the restart.`,
    traceback: [],
  };
}
