import { Dealer, Request, Subscriber } from "zeromq";
import type { ConnectionInfo } from "./connection";
import { type Message, Wire } from "./message";

/** The channels on which requests are sent. */
export type RequestChannel = "shell" | "control" | "stdin";
export type Channel = RequestChannel | "iopub";

export interface ChannelListeners {
  /** Called for every authentic message, in the order of its channel. */
  onMessage(channel: Channel, message: Message): void;
  /** Called for what arrives but is no authentic message. */
  onFault(channel: Channel, error: Error): void;
}

/** The client's ends of a kernel's sockets. */
export class Channels {
  readonly wire: Wire;
  private readonly iopub: Subscriber;
  private readonly dealers: Record<RequestChannel, Dealer>;
  private readonly queues: Record<RequestChannel, Promise<void>> = {
    shell: Promise.resolve(),
    control: Promise.resolve(),
    stdin: Promise.resolve(),
  };
  private closed = false;

  constructor(
    private readonly info: ConnectionInfo,
    listeners: ChannelListeners,
  ) {
    this.wire = new Wire(info.key);
    this.iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, ...this.encryption });
    // One identity on all three: a kernel finds the stdin of whoever sent a request by it.
    const dealer = (port: number) => {
      const socket = new Dealer({
        linger: 0,
        reconnectInterval: 20,
        routingId: this.wire.session,
        receiveHighWaterMark: 0,
        ...this.encryption,
      });
      socket.connect(this.address(port));
      return socket;
    };
    this.dealers = {
      shell: dealer(info.shell_port),
      control: dealer(info.control_port),
      stdin: dealer(info.stdin_port),
    };
    this.iopub.reconnectInterval = 20;
    this.iopub.connect(this.address(info.iopub_port));
    this.iopub.subscribe();
    this.read("iopub", this.iopub, listeners);
    for (const channel of ["shell", "control", "stdin"] as const) {
      this.read(channel, this.dealers[channel], listeners);
    }
  }

  /**
   * Sends a message. zeromq refuses a second send while one is blocked, hence a queue a socket.
   * Resolves when the message was handed to the socket.
   */
  send(channel: RequestChannel, message: Message<unknown>): Promise<void> {
    const sent = this.queues[channel].then(() => {
      if (!this.closed) {
        return this.dealers[channel].send(this.wire.encode(message));
      }
    });
    this.queues[channel] = sent.catch(() => {});
    return sent;
  }

  /** A socket of its own for heartbeats, which the caller closes. */
  heartbeatSocket(): Request {
    const socket = new Request({ linger: 0, reconnectInterval: 20, ...this.encryption });
    socket.connect(this.address(this.info.hb_port));
    return socket;
  }

  close(): void {
    this.closed = true;
    this.iopub.close();
    for (const dealer of Object.values(this.dealers)) {
      dealer.close();
    }
  }

  /** As jupyter_client has it: the client's own keys are the kernel's. */
  private get encryption() {
    const { curve_publickey, curve_secretkey } = this.info;
    return curve_publickey === undefined
      ? {}
      : {
          curveServerKey: curve_publickey,
          curvePublicKey: curve_publickey,
          curveSecretKey: curve_secretkey,
        };
  }

  private address(port: number): string {
    return `${this.info.transport}://${this.info.ip}:${port}`;
  }

  private async read(
    channel: Channel,
    socket: Dealer | Subscriber,
    { onMessage, onFault }: ChannelListeners,
  ): Promise<void> {
    try {
      for await (const frames of socket) {
        let message: Message;
        try {
          message = this.wire.decode(frames);
        } catch (error) {
          onFault(channel, error as Error);
          continue;
        }
        onMessage(channel, message);
      }
    } catch (error) {
      if (!this.closed) {
        onFault(channel, error as Error);
      }
    }
  }
}
