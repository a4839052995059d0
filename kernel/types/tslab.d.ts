/** The versions of tslab whose interface this is, of TypeScript, and of Node. */
export declare const versions: {
  tslab: string;
  typescript: string;
  node: string;
};

/** Shows rich content. */
export interface Display {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  /** Shows content of any MIME type. */
  // biome-ignore lint/suspicious/noExplicitAny: tslab declares it so.
  raw(contentType: string, b: string | Uint8Array): any;
}

/** A display of its own, whose content each call replaces. */
export declare function newDisplay(): Display;

/** Shows rich content, each call in an output of its own. */
export declare const display: Display;
