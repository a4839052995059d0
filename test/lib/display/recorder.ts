import { type DisplayOptions, displayTo, type MimeBundle } from "../../../lib/display/display";

export interface Shown extends DisplayOptions {
  bundle: MimeBundle;
  html: string;
  text: string;
}

/** What `act` displays where displays go to a notebook, or to a terminal. */
export function record(act: () => void, kind: "notebook" | "terminal" = "notebook"): Shown[] {
  const shown: Shown[] = [];
  const restore = displayTo({
    kind,
    show: (bundle, options) => {
      const html = String(bundle["text/html"] ?? "");
      shown.push({ ...options, bundle, html, text: String(bundle["text/plain"] ?? "") });
    },
  });
  try {
    act();
  } finally {
    restore();
  }
  return shown;
}
