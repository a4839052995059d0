import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The protocol version that this client speaks. */
export const PROTOCOL_VERSION = "5.3";

export interface MessageHeader {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
  /** In which subshell a request is served; not there for the main shell. */
  subshell_id?: string;
}

/** One message of the Jupyter protocol. A message that nobody asked for has an empty parent. */
export interface Message<Content = Record<string, unknown>> {
  header: MessageHeader;
  parent_header: Partial<MessageHeader>;
  metadata: Record<string, unknown>;
  content: Content;
  buffers: Buffer[];
}

const DELIMITER = Buffer.from("<IDS|MSG>");

/**
 * Turns messages into signed frames and back, for one session.
 * Source of the format: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export class Wire {
  readonly session = randomUUID();

  /** @param key the connection file's key; an empty key switches signing off. */
  constructor(private readonly key: string) {}

  /** A new message of this session. */
  compose<Content>(type: string, content: Content, parent?: MessageHeader): Message<Content> {
    return {
      header: {
        msg_id: randomUUID(),
        msg_type: type,
        session: this.session,
        username: "karenina",
        date: new Date().toISOString(),
        version: PROTOCOL_VERSION,
      },
      parent_header: parent ?? {},
      metadata: {},
      content,
      buffers: [],
    };
  }

  encode(message: Message<unknown>): Buffer[] {
    const parts = [
      message.header,
      message.parent_header,
      message.metadata,
      message.content ?? {},
    ].map((part) => Buffer.from(JSON.stringify(part)));
    return [DELIMITER, Buffer.from(this.sign(parts)), ...parts, ...message.buffers];
  }

  /**
   * @throws Error where the frames are no message, or where the signature is not the session's.
   */
  decode(frames: readonly Buffer[]): Message {
    const start = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (start < 0 || frames.length < start + 6) {
      throw new Error(`a message of ${frames.length} frames lacks the delimiter or a part`);
    }
    const signature = frames[start + 1];
    const parts = frames.slice(start + 2, start + 6);
    const expected = Buffer.from(this.sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error("a message carries a wrong signature");
    }
    const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
    return {
      header,
      parent_header: parent ?? {},
      metadata: metadata ?? {},
      content: content ?? {},
      buffers: frames.slice(start + 6),
    };
  }

  private sign(parts: readonly Buffer[]): string {
    if (this.key === "") {
      return "";
    }
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) {
      hmac.update(part);
    }
    return hmac.digest("hex");
  }
}
