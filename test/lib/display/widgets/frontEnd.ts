import {
  type Comm,
  type DisplayOptions,
  displayTo,
  type MimeBundle,
} from "../../../../lib/display/display";

/** One end of a comm, as a front end sees it. */
export interface OpenWidget {
  id: string;
  /** What the comm was opened with, and all that was changed since. */
  state: Record<string, unknown>;
  metadata: unknown;
  /** All messages, the newest last. */
  received: Record<string, unknown>[];
  buffers: Uint8Array[][];
  closed: boolean;
  comm: Comm;
}

/** A front end that draws widgets: it keeps their states as ipywidgets' manager does. */
export class FrontEnd {
  readonly widgets: OpenWidget[] = [];
  readonly shown: (DisplayOptions & { bundle: MimeBundle })[] = [];
  private readonly restore = displayTo({
    kind: "notebook",
    show: (bundle, options) => this.shown.push({ ...options, bundle }),
    openComm: (target, data, { metadata, buffers = [] }) => {
      if (target !== "jupyter.widget") {
        throw new Error(`The front end knows no ${target}.`);
      }
      // As it travels: what JSON does not hold does not arrive.
      const { state } = JSON.parse(JSON.stringify(data));
      const received: Record<string, unknown>[] = [];
      const comm: Comm = {
        id: `w${this.widgets.length}`,
        send: (message, parts) => {
          const read = JSON.parse(JSON.stringify(message));
          received.push(read);
          widget.buffers.push(parts?.buffers ?? []);
          Object.assign(widget.state, read.state);
        },
        close: () => {
          widget.closed = true;
        },
      };
      const widget: OpenWidget = {
        id: comm.id,
        state,
        metadata,
        received,
        buffers: [buffers],
        closed: false,
        comm,
      };
      this.widgets.push(widget);
      return comm;
    },
  });

  /** The widget of a class, the last that was opened. */
  widget(model: string): OpenWidget {
    const found = this.widgets.findLast(({ state }) => state._model_name === model);
    if (!found) {
      throw new Error(`No ${model} was opened.`);
    }
    return found;
  }

  /** Somebody moves, chooses, writes. */
  change(
    widget: OpenWidget,
    state: object,
    buffers: Uint8Array[] = [],
    paths: unknown[] = [],
  ): void {
    Object.assign(widget.state, state);
    widget.comm.onMessage?.({ method: "update", state, buffer_paths: paths }, buffers);
  }

  click(widget: OpenWidget): void {
    widget.comm.onMessage?.({ method: "custom", content: { event: "click" } }, []);
  }

  get texts(): unknown[] {
    return this.shown.map(({ bundle }) => bundle["text/plain"]);
  }

  close(): void {
    this.restore();
  }
}
