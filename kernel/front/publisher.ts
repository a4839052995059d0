import { JoinedText } from "../joinedText";
import type { Sockets } from "./sockets";
import type { Header, Outgoing } from "./wire";

/** Publishes on iopub, in order, joining pieces of text that follow each other closely. */
export class IoPublisher {
  private readonly text: JoinedText<Header>;

  constructor(private readonly sockets: Sockets) {
    this.text = new JoinedText((content, parent) =>
      sockets.publish({ type: "stream", content, parent }),
    );
  }

  stream(name: "stdout" | "stderr", text: string, parent: Header | undefined): void {
    this.text.add(name, text, parent);
  }

  publish(
    type: string,
    content: object,
    parent: Header | undefined,
    { metadata, buffers }: Pick<Outgoing, "metadata" | "buffers"> = {},
  ): void {
    this.flush();
    this.sockets.publish({ type, content, parent, metadata, buffers });
  }

  status(state: "starting" | "busy" | "idle", parent?: Header): void {
    this.publish("status", { execution_state: state }, parent);
  }

  flush(): void {
    this.text.flush();
  }
}
