import { types } from "node:util";
import type { MimeBundle } from "../channel";
import { textOf } from "./text";

/**
 * How values look that say nothing about it themselves but are something to look at: elements of a
 * DOM, drawings among them, and images, as bytes or as a Blob.
 *
 * @returns undefined for all others, of which there is nothing but text; a promise of either where a
 *   Blob has to be read
 */
export function looksOf(value: unknown): MimeBundle | undefined | Promise<MimeBundle | undefined> {
  if (typeof value !== "object" || value === null || types.isProxy(value)) {
    return undefined;
  }
  if (value instanceof Blob) {
    return value.arrayBuffer().then((bytes) => imageBundle(value, new Uint8Array(bytes)));
  }
  if (types.isUint8Array(value)) {
    return imageBundle(value, value);
  }
  if (types.isAnyArrayBuffer(value)) {
    return imageBundle(value, new Uint8Array(value));
  }
  return elementBundle(value);
}

/** What the files of each kind begin with, as Latin letters; a dot is any byte. */
const HEADS = {
  "image/png": /^\x89PNG\r\n/,
  "image/jpeg": /^\xff\xd8\xff/,
  "image/gif": /^GIF8[79]a/,
  "image/webp": /^RIFF.{4}WEBP/s,
};

/** The bytes of a head, and fewer than any image has. */
const HEAD = 32;

function imageBundle(value: object, bytes: Uint8Array): MimeBundle | undefined {
  if (bytes.byteLength < HEAD) {
    return undefined;
  }
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString("latin1");
  const found = Object.entries(HEADS).find(([, pattern]) => pattern.test(head));
  return found && { [found[0]]: bytes, "text/plain": textOf(value) };
}

/** What is looked at of an element. */
interface Element {
  outerHTML?: unknown;
  ownerDocument?: {
    defaultView?: { XMLSerializer?: new () => { serializeToString(element: object): string } };
  };
}

/**
 * Elements get their `outerHTML` from their class. An object that has it as its own property is data
 * that was read somewhere, perhaps somebody else's page, and stays text.
 */
function elementBundle(value: object): MimeBundle | undefined {
  if (Object.hasOwn(value, "outerHTML")) {
    return undefined;
  }
  const html = attempt(() => (value as Element).outerHTML);
  if (typeof html !== "string") {
    return undefined;
  }
  return /^<svg[\s>]/i.test(html)
    ? { "image/svg+xml": drawing(value, html), "text/plain": shortened(html) }
    : { "text/html": html, "text/plain": shortened(html) };
}

/** For front ends that show no elements: nobody reads all of a long one as text. */
function shortened(html: string): string {
  return html.length > PLAIN ? `${html.slice(0, PLAIN)}...` : html;
}

const PLAIN = 500;

/** An SVG element as a document of its own, which is XML, as `outerHTML` need not be. */
function drawing(element: Element, html: string): string {
  const { XMLSerializer } = attempt(() => element.ownerDocument?.defaultView) ?? {};
  if (XMLSerializer) {
    return new XMLSerializer().serializeToString(element);
  }
  const text = html.replaceAll("&nbsp;", "&#160;");
  return /^<svg[^>]*\sxmlns=/.test(text)
    ? text
    : text.replace(/^<svg/, '<svg xmlns="http://www.w3.org/2000/svg"');
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
