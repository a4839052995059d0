import { KernelError } from "./errors";
import type { Message, MessageHeader } from "./message";

interface Pending {
  resolve(reply: Message): void;
  reject(error: KernelError): void;
  timer: NodeJS.Timeout | undefined;
}

/** Requests that wait for their replies, by message id. */
export class PendingRequests {
  private readonly pending = new Map<string, Pending>();

  /** The promise of the reply; rejects when the time limit passes. */
  add({ msg_id: id, msg_type: type }: MessageHeader, timeoutMs?: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const expire = () => {
        const text = `No reply to ${type} came within ${timeoutMs! / 1000} s.`;
        this.reject(id, new KernelError("timeout", text));
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
      this.pending.set(id, { resolve, reject, timer });
    });
  }

  resolve(id: string, reply: Message): void {
    this.take(id)?.resolve(reply);
  }

  reject(id: string, error: KernelError): void {
    this.take(id)?.reject(error);
  }

  rejectAll(error: KernelError): void {
    for (const id of [...this.pending.keys()]) {
      this.reject(id, error);
    }
  }

  private take(id: string): Pending | undefined {
    const pending = this.pending.get(id);
    clearTimeout(pending?.timer);
    this.pending.delete(id);
    return pending;
  }
}
