import type { IoPublisher } from "../front/publisher";
import type { Header, Message } from "../front/wire";
import { DebugAdapter } from "./adapter";
import type { DebugEvent } from "./messages";

interface FrontParts {
  shared: Int32Array;
  publisher: IoPublisher;
  /** Answers a message of the control channel. */
  reply(message: Message, content: object): void;
  /** Stops what runs. */
  interrupt(): void;
}

/** Requests that are answered at once, whatever is being answered: they end what takes long. */
const URGENT = new Set(["pause", "continue", "terminate", "disconnect", "debugInfo"]);

/** Takes debug_request off the control channel, and publishes debug_event. */
export class DebugFront {
  private made: DebugAdapter | undefined;
  private latest: Header | undefined;
  private sequence = 0;
  /** The answer that is being made. */
  private answering: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: FrontParts) {}

  /** Answers a request, in turn. */
  async receive(message: Message): Promise<void> {
    const { header, content } = message;
    const { publisher, reply } = this.parts;
    this.latest = header;
    const answer = async () => {
      publisher.status("busy", header);
      const given = await this.adapter.request(content);
      reply(message, { seq: ++this.sequence, ...given });
      publisher.status("idle", header);
    };
    if (URGENT.has(String(content.command))) {
      await answer();
      return;
    }
    const turn = this.answering.then(answer);
    this.answering = turn.catch(() => {});
    await turn;
  }

  /** Lets paused code go on, for it is about to be stopped. */
  release(): void {
    void this.made?.release();
  }

  /** The main thread has taken a Stop. */
  interrupted(): void {
    void this.made?.interrupted();
  }

  cellEnded(): void {
    this.made?.cellEnded();
  }

  logged(breakpoint: number, text: string): void {
    this.made?.logged(breakpoint, text);
  }

  /** The kernel ends. */
  end(): void {
    this.made?.end();
  }

  private get adapter(): DebugAdapter {
    this.made ??= new DebugAdapter(
      this.parts.shared,
      (event) => this.publish(event),
      this.parts.interrupt,
    );
    return this.made;
  }

  private publish({ event, body }: DebugEvent): void {
    const content = { seq: ++this.sequence, type: "event", event, body };
    this.parts.publisher.publish("debug_event", content, this.latest);
  }
}
