import type { Comm, DisplayTarget, MimeBundle } from "../../host/host";
import { displayTarget } from "../display";
import { joinState, splitState, type WidgetState } from "./binaryState";

/** The version of ipywidgets' protocol: https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md */
const PROTOCOL = "2.1.0";

const BASE = { module: "@jupyter-widgets/base", version: "2.0.0" };

/** What a front end makes a widget of: a class of an npm package that it has. */
export interface WidgetClass {
  /** The package, such as "@jupyter-widgets/controls". */
  module: string;
  /** Its versions, as npm writes a range of them. */
  version: string;
  /** What stands before "Model" and "View" in the names of its two classes, such as "FloatSlider". */
  name: string;
  /** The same of the class that says how its parts look, such as "SliderStyle", and that one's state. */
  style?: { name: string; state?: WidgetState };
}

/** Hears what the front end does. */
export interface WidgetListener {
  /**
   * Takes over what the front end has changed.
   *
   * @returns the state that holds now, where it is not what the front end takes it for
   */
  changed(state: Readonly<WidgetState>): WidgetState | undefined;
  /** Takes a message that is no change of state, such as a click. */
  said?(content: unknown, buffers: Uint8Array[]): void;
}

/** This end of a widget: its state, of which each page that shows it has a copy. */
export class WidgetModel {
  private comm: Comm | undefined;
  private readonly parts: WidgetModel[] = [];

  private constructor(
    openComm: NonNullable<DisplayTarget["openComm"]>,
    { module, version, name }: WidgetClass,
    private state: WidgetState,
    private readonly listener?: WidgetListener,
  ) {
    this.state = {
      _model_module: module,
      _model_module_version: version,
      _model_name: `${name}Model`,
      _view_module: module,
      _view_module_version: version,
      _view_name: `${name}View`,
      ...state,
    };
    const { buffers, ...data } = splitState(this.state);
    const comm = openComm("jupyter.widget", data, { buffers, metadata: { version: PROTOCOL } });
    comm.onMessage = (message, came) => this.receive(message as FromFrontEnd, came);
    comm.onClose = () => {
      this.comm = undefined;
    };
    this.comm = comm;
  }

  /**
   * Opens a widget where a front end can draw one.
   *
   * @returns undefined where nobody could use it: in a terminal, in stock tslab, where a program runs
   *   the notebook
   */
  static open(
    widgetClass: WidgetClass,
    state: WidgetState,
    listener: WidgetListener,
  ): WidgetModel | undefined {
    const { openComm } = displayTarget();
    if (!openComm) {
      return undefined;
    }
    const { style, ...of } = widgetClass;
    const parts = { layout: new WidgetModel(openComm, { ...BASE, name: "Layout" }, {}) };
    if (style) {
      const view = {
        _view_module: BASE.module,
        _view_module_version: BASE.version,
        _view_name: "StyleView",
      };
      const { name } = style;
      Object.assign(parts, {
        style: new WidgetModel(openComm, { ...of, name }, { ...view, ...style.state }),
      });
    }
    const references = Object.entries(parts).map(([key, { comm }]) => [
      key,
      `IPY_MODEL_${comm?.id}`,
    ]);
    const linked = { ...Object.fromEntries(references), ...state };
    const model = new WidgetModel(openComm, of, linked, listener);
    model.parts.push(...Object.values(parts));
    return model;
  }

  /** What shows it; nothing once it is closed. */
  get view(): MimeBundle {
    const { comm } = this;
    return comm
      ? {
          "application/vnd.jupyter.widget-view+json": {
            version_major: 2,
            version_minor: 0,
            model_id: comm.id,
          },
        }
      : {};
  }

  /** Changes a part of the state, here and wherever it is shown. */
  set(changes: WidgetState): void {
    this.state = { ...this.state, ...changes };
    this.send("update", changes);
  }

  /** Sends something that is no change of state. */
  say(content: unknown, buffers: Uint8Array[] = []): void {
    this.comm?.send({ method: "custom", content }, { buffers });
  }

  /** Takes it from the page. */
  close(): void {
    for (const model of [this, ...this.parts]) {
      model.comm?.close();
      model.comm = undefined;
    }
  }

  private send(method: "update" | "echo_update", state: WidgetState): void {
    const { buffers, ...data } = splitState(state);
    this.comm?.send({ method, ...data }, { buffers });
  }

  private receive(message: FromFrontEnd, buffers: Uint8Array[]): void {
    switch (message.method) {
      case "update": {
        const { buffer_paths = [] } = message;
        const state = joinState({ state: message.state, buffer_paths, buffers });
        this.state = { ...this.state, ...state };
        // Other pages that show it learn so of the change; the sender knows it for an echo.
        this.send("echo_update", state);
        const now = this.listener?.changed(state);
        if (now) {
          this.set(now);
        }
        break;
      }
      case "request_state":
        // By a page that was opened, or loaded again, after the widget.
        this.send("update", this.state);
        break;
      case "custom":
        this.listener?.said?.(message.content, buffers);
    }
  }
}

type FromFrontEnd =
  | { method: "update"; state: WidgetState; buffer_paths?: (string | number)[][] }
  | { method: "request_state" }
  | { method: "custom"; content: unknown };
