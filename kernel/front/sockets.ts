import { capability, Reply, Router, XPublisher } from "zeromq";
import type { ConnectionInfo } from "../channel";
import { type Message, type Outgoing, Wire } from "./wire";

interface Sender {
  readonly closed: boolean;
  send(frames: (Buffer | string)[]): Promise<void>;
}

/**
 * How long a client that has asked by one socket may take until its next one is connected, in
 * milliseconds, and how often that is looked at.
 */
const CONNECTING = { within: 60_000, every: 20 };

/** One socket's messages, in order: zeromq takes one at a time and throws when given a second. */
class Outbox {
  private readonly queue: (Buffer | string)[][] = [];
  /** Messages whose client could not be reached, and since when. */
  private readonly waiting = new WeakMap<object, number>();
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
      try {
        await this.socket.send(next);
      } catch (error) {
        if (this.socket.closed) {
          return;
        }
        if ((error as NodeJS.ErrnoException).code !== "EHOSTUNREACH") {
          throw error;
        }
        this.sendLater(next);
      }
    }
    this.sending = undefined;
  }

  private sendLater(frames: (Buffer | string)[]): void {
    const since = this.waiting.get(frames) ?? Date.now();
    if (Date.now() - since < CONNECTING.within) {
      this.waiting.set(frames, since);
      setTimeout(() => this.socket.closed || this.push(frames), CONNECTING.every).unref();
    }
  }
}

export type Channel = "shell" | "control" | "stdin";

/** The five sockets of a kernel. */
export class Sockets {
  private readonly wire: Wire;
  private readonly heartbeat;
  private readonly iopub;
  private readonly routers;
  private readonly outboxes;

  /** @throws Error where encryption is asked for that cannot be had */
  constructor(private readonly connection: ConnectionInfo) {
    this.wire = new Wire(connection.key, connection.signature_scheme);
    const encryption = encryptionOf(connection);
    this.heartbeat = new Reply(encryption);
    this.iopub = new XPublisher({ sendHighWaterMark: 0, verbosity: "allSubs", ...encryption });
    const router = (options = {}) =>
      new Router({ sendHighWaterMark: 0, ...options, ...encryption });
    // On stdin the kernel speaks first. A client may have asked by its shell socket before this one is
    // connected: its question would be dropped without a word, and the cell would wait forever.
    const stdin = router({ mandatory: true });
    this.routers = { shell: router(), control: router(), stdin };
    this.outboxes = {
      iopub: new Outbox(this.iopub),
      shell: new Outbox(this.routers.shell),
      control: new Outbox(this.routers.control),
      stdin: new Outbox(this.routers.stdin),
    };
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

  /** Settles when what was sent so far is with its sockets; questions may wait for their client. */
  async drained(): Promise<void> {
    const { iopub, shell, control } = this.outboxes;
    await Promise.all([iopub, shell, control].map((outbox) => outbox.drained()));
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

/**
 * What makes sockets take nobody but those who know the kernel's public key (CurveZMQ), where the
 * connection file holds its keys: jupyter_client from 8.10 on puts them there if it is set to.
 */
function encryptionOf({ curve_publickey, curve_secretkey }: ConnectionInfo) {
  if (curve_publickey === undefined && curve_secretkey === undefined) {
    return {};
  }
  if (!curve_publickey || !curve_secretkey) {
    throw new Error(
      "The connection file holds one of curve_publickey and curve_secretkey without the other: " +
        "encryption needs both.",
    );
  }
  if (!capability.curve) {
    throw new Error(
      "The connection file asks for encryption (CurveZMQ), which this build of zeromq does not " +
        "have. Install zeromq from npm, or switch transport_encryption off.",
    );
  }
  return {
    curveServer: true,
    curvePublicKey: curve_publickey,
    curveSecretKey: curve_secretkey,
  };
}
