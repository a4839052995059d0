import { randomUUID } from "node:crypto";
import type { SendDisplay } from "./display";

/**
 * What `import * as tslab from "tslab"` gives: tslab's module, on this kernel. Its types are in
 * types/tslab.d.ts.
 */
export function createTslab(owner: () => SendDisplay, typescriptVersion: string): object {
  class TslabDisplay {
    private shown = false;

    constructor(private readonly id?: string) {}

    javascript = (text: string) => this.raw("text/javascript", text);
    html = (text: string) => this.raw("text/html", text);
    markdown = (text: string) => this.raw("text/markdown", text);
    latex = (text: string) => this.raw("text/latex", text);
    svg = (text: string) => this.raw("image/svg+xml", text);
    png = (data: Uint8Array) => this.raw("image/png", data);
    jpeg = (data: Uint8Array) => this.raw("image/jpeg", data);
    gif = (data: Uint8Array) => this.raw("image/gif", data);
    pdf = (data: Uint8Array) => this.raw("application/pdf", data);
    text = (text: string) => this.raw("text/plain", text);

    raw = (contentType: string, content: string | Uint8Array) => {
      const kind = this.shown ? "update_display_data" : "display_data";
      this.shown = this.id !== undefined;
      owner()(kind, {
        data: {
          [contentType]:
            typeof content === "string" ? content : Buffer.from(content).toString("base64"),
        },
        metadata: {},
        transient: this.id === undefined ? {} : { display_id: this.id },
      });
    };
  }
  return Object.defineProperty(
    {
      versions: { tslab: "1.0.22", typescript: typescriptVersion, node: process.version },
      display: new TslabDisplay(),
      newDisplay: () => new TslabDisplay(randomUUID()),
    },
    "__esModule",
    { value: true },
  );
}
