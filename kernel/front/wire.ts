import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of the Jupyter messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = "5.5";

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  [key: string]: unknown;
}

/** A message from a client. */
export interface Message {
  /** The routing frames, which bring a reply back to the sender. */
  identities: Buffer[];
  header: Header;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Buffer[];
}

/** A message to be sent. */
export interface Outgoing {
  identities: (Buffer | string)[];
  type: string;
  parent?: Header;
  content: object;
  metadata?: object;
  buffers?: Uint8Array[];
}

const DELIMITER = "<IDS|MSG>";

/** How many signatures are remembered, to know messages that somebody sends again. */
const REMEMBERED = 1 << 16;

/**
 * Packs and unpacks messages: https://jupyter-client.readthedocs.io/en/stable/messaging.html
 * Unsigned, wrongly signed and replayed messages are dropped.
 */
export class Wire {
  private readonly session = randomUUID();
  private readonly algorithm: string;
  private seen = new Set<string>();
  private seenBefore = new Set<string>();

  /**
   * @param key the connection file's; an empty one turns signing off, as the protocol has it
   * @param scheme as in `hmac-sha256`
   */
  constructor(
    private readonly key: string,
    scheme: string,
  ) {
    this.algorithm = scheme.replace(/^hmac-/, "");
  }

  pack({ identities, type, parent, content, metadata, buffers }: Outgoing): (Buffer | string)[] {
    const header = {
      msg_id: randomUUID(),
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
    const parts = [header, parent ?? {}, metadata ?? {}, content].map((part) =>
      wellFormed(JSON.stringify(part)),
    );
    return [
      ...identities,
      DELIMITER,
      this.sign(parts),
      ...parts,
      ...(buffers ?? []).map((buffer) => Buffer.from(buffer)),
    ];
  }

  /** The message in some frames, or undefined where it is not to be trusted or no message. */
  unpack(frames: Buffer[]): Message | undefined {
    const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
    if (at < 0 || frames.length < at + 6) {
      return undefined;
    }
    const parts = frames.slice(at + 2, at + 6);
    if (this.key !== "" && !this.verify(frames[at + 1], parts)) {
      return undefined;
    }
    try {
      const [header, , metadata, content] = parts.map((part) => JSON.parse(part.toString()));
      if (typeof header.msg_id !== "string" || typeof header.msg_type !== "string") {
        return undefined;
      }
      return {
        identities: frames.slice(0, at),
        header,
        metadata: metadata ?? {},
        content: content ?? {},
        buffers: frames.slice(at + 6),
      };
    } catch {
      return undefined;
    }
  }

  private verify(signature: Buffer, parts: Buffer[]): boolean {
    const expected = Buffer.from(this.sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      return false;
    }
    const text = expected.toString();
    if (this.seen.has(text) || this.seenBefore.has(text)) {
      return false;
    }
    if (this.seen.size >= REMEMBERED) {
      this.seenBefore = this.seen;
      this.seen = new Set();
    }
    this.seen.add(text);
    return true;
  }

  private sign(parts: (Buffer | string)[]): string {
    if (this.key === "") {
      return "";
    }
    const hmac = createHmac(this.algorithm, this.key);
    for (const part of parts) {
      hmac.update(part);
    }
    return hmac.digest("hex");
  }
}

/**
 * JSON without lone surrogates, which JSON.stringify writes as escapes: other languages read them
 * into strings that they cannot write to a file.
 */
function wellFormed(json: string): string {
  return json.includes("\\ud")
    ? json.replace(/\\(?:\\|u(d[89a-f][0-9a-f]{2}))/g, (sequence, surrogate) =>
        surrogate ? "\\ufffd" : sequence,
      )
    : json;
}
