import { randomUUID } from "node:crypto";
import type { MimeBundle } from "../channel";
import { bundleOf, checkBundle, hasForms, isBundle } from "./bundle";

export interface DisplayOptions {
  /** Names the output, so that it can be updated. */
  id?: string;
  /** Replace the outputs shown with this `id` before, wherever they are. */
  update?: boolean;
  /** By MIME type, as in `{"image/png": {width: 200}}`. */
  metadata?: Record<string, unknown>;
  /**
   * As in IPython: `true` says that the value is a MIME bundle already, `false` that it is to be
   * shown as the object that it is. Default: a plain object whose keys are MIME types is a bundle.
   */
  raw?: boolean;
}

/** An output that can be shown again. */
export interface DisplayHandle {
  readonly id: string;
  update(value: unknown, options?: Omit<DisplayOptions, "id" | "update">): void;
}

const handles = new WeakSet<object>();

/** Is a value what `display` returned? A cell that ends in `display(...)` has shown all it wants. */
export function isDisplayHandle(value: unknown): boolean {
  return typeof value === "object" && value !== null && handles.has(value);
}

/** Sends one display message on behalf of the current cell. */
export type SendDisplay = (
  kind: "display_data" | "update_display_data",
  content: { data: MimeBundle; metadata: object; transient: object },
) => void;

/** The global function `display`. */
export type Display = (value: unknown, options?: DisplayOptions) => DisplayHandle;

/**
 * @param owner is called for each output, at once, and gives what sends it, perhaps later
 * @param fail is called when an output that was waited for does not come about
 */
export function createDisplay(owner: () => SendDisplay, fail: (error: unknown) => void): Display {
  const display: Display = (value, options = {}) => {
    const id = options.id ?? randomUUID();
    const kind = options.update ? "update_display_data" : "display_data";
    const send = owner();
    const show = (data: MimeBundle) => {
      if (hasForms(data)) {
        send(kind, {
          data,
          metadata: options.metadata ?? {},
          transient: { display_id: id },
        });
      }
    };
    if (options.raw ?? isBundle(value)) {
      show(checkBundle(value));
    } else {
      showValue(value, show, fail);
    }
    const handle: DisplayHandle = {
      id,
      update: (next, more) => {
        display(next, { ...more, id, update: true });
      },
    };
    handles.add(handle);
    return handle;
  };
  return display;
}

/** At once where that can be; what is a promise is waited for. */
function showValue(
  value: unknown,
  show: (data: MimeBundle) => void,
  fail: (error: unknown) => void,
): void {
  const bundle = bundleOf(value);
  if (bundle instanceof Promise) {
    bundle.then(show).catch(fail);
  } else {
    show(bundle);
  }
}
