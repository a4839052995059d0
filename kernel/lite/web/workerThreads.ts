// The part of node:worker_threads that the kernel uses, over the browser's own ports.
type Listener = (message: never) => void;

/** Node's port over the browser's. */
class Port {
  constructor(private readonly port: MessagePort) {}

  postMessage(message: unknown): void {
    this.port.postMessage(message);
  }

  on(_event: "message", listener: Listener): this {
    this.port.onmessage = ({ data }) => listener(data as never);
    return this;
  }
}

export class MessageChannel {
  readonly port1: Port;
  readonly port2: Port;

  constructor() {
    const { port1, port2 } = new globalThis.MessageChannel();
    this.port1 = new Port(port1);
    this.port2 = new Port(port2);
  }
}

/** Where messages come in by shared memory: a page cannot take one from a port while it stands still. */
export interface Mailbox {
  take(): unknown;
}

export function receiveMessageOnPort(port: Mailbox): { message: unknown } | undefined {
  const message = port.take();
  return message === undefined ? undefined : { message };
}
