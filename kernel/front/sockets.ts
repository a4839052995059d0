import { Reply, Router, XPublisher } from "zeromq";
import type { ConnectionInfo } from "../channel";
import { type Message, type Outgoing, Wire } from "./wire";

interface Sender {
  send(frames: (Buffer | string)[]): Promise<void>;
}

/** One socket's messages, in order: zeromq takes one at a time and throws when given a second. */
class Outbox {
  private readonly queue: (Buffer | string)[][] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly socket: Sender) {}

  push(frames: (Buffer | string)[]): void {
    this.queue.push(frames);
    this.sending ??= this.pump();
  }

  /** Settles when all that has been pushed so far is with the socket. */
  async drained(): Promise<void> {
    await this.sending;
  }

  private async pump(): Promise<void> {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      await this.socket.send(next);
    }
    this.sending = undefined;
  }
}

export type Channel = "shell" | "control" | "stdin";

/** The five sockets of a kernel. */
export class Sockets {
  private readonly wire: Wire;
  private readonly heartbeat = new Reply();
  private readonly iopub = new XPublisher({
    sendHighWaterMark: 0,
    verbosity: "allSubs",
  });
  private readonly routers = {
    shell: new Router({ sendHighWaterMark: 0 }),
    control: new Router({ sendHighWaterMark: 0 }),
    stdin: new Router({ sendHighWaterMark: 0 }),
  };
  private readonly outboxes = {
    iopub: new Outbox(this.iopub),
    shell: new Outbox(this.routers.shell),
    control: new Outbox(this.routers.control),
    stdin: new Outbox(this.routers.stdin),
  };

  constructor(private readonly connection: ConnectionInfo) {
    this.wire = new Wire(connection.key, connection.signature_scheme);
  }

  /** Binds all sockets and hands what arrives to `receive`. */
  async open(receive: (channel: Channel, message: Message) => void): Promise<void> {
    const { connection, routers } = this;
    const address = (port: number) =>
      connection.transport === "ipc"
        ? `ipc://${connection.ip}-${port}`
        : `${connection.transport}://${connection.ip}:${port}`;
    await Promise.all([
      this.heartbeat.bind(address(connection.hb_port)),
      this.iopub.bind(address(connection.iopub_port)),
      routers.shell.bind(address(connection.shell_port)),
      routers.control.bind(address(connection.control_port)),
      routers.stdin.bind(address(connection.stdin_port)),
    ]);
    void this.beat();
    void this.welcome();
    for (const channel of ["shell", "control", "stdin"] as const) {
      void this.listen(channel, receive);
    }
  }

  publish(message: Omit<Outgoing, "identities">): void {
    this.outboxes.iopub.push(this.wire.pack({ ...message, identities: [message.type] }));
  }

  send(channel: Channel, message: Outgoing): void {
    this.outboxes[channel].push(this.wire.pack(message));
  }

  async drained(): Promise<void> {
    await Promise.all(Object.values(this.outboxes).map((outbox) => outbox.drained()));
  }

  /** Ends all traffic. Ending the process with open sockets makes zeromq abort it. */
  close(): void {
    for (const socket of [this.heartbeat, this.iopub, ...Object.values(this.routers)]) {
      socket.close();
    }
  }

  private async beat(): Promise<void> {
    for await (const frames of this.heartbeat) {
      await this.heartbeat.send(frames);
    }
  }

  /**
   * Greets each subscriber, who thus knows that it hears everything from then on (protocol 5.4).
   * A subscription is a frame that begins with 1 and goes on with the topic.
   */
  private async welcome(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame[0] === 1) {
        const subscription = frame.subarray(1);
        const content = { subscription: subscription.toString() };
        this.outboxes.iopub.push(
          this.wire.pack({ identities: [subscription], type: "iopub_welcome", content }),
        );
      }
    }
  }

  private async listen(
    channel: Channel,
    receive: (channel: Channel, message: Message) => void,
  ): Promise<void> {
    for await (const frames of this.routers[channel]) {
      const message = this.wire.unpack(frames as Buffer[]);
      if (message) {
        receive(channel, message);
      }
    }
  }
}
