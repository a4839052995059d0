import type { Lite } from "../../../kernel/lite/worker/siteModules";

declare const kareninaLite: Lite;

/** As far as it is used; a worker may wait for an answer. */
declare const XMLHttpRequest: new () => {
  responseType: "arraybuffer";
  readonly status: number;
  readonly response: ArrayBuffer;
  open(method: "GET", address: string, later: false): void;
  send(): void;
};

/**
 * A file of the site's, seen from the kernel's folder; stands still until it is there.
 * @throws Error with the code `ENOENT` where the site has none
 */
export function readSite(file: string): Uint8Array {
  const request = new XMLHttpRequest();
  request.open("GET", new URL(file, kareninaLite.base).href, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) {
    throw Object.assign(new Error(`ENOENT: this site has no file ${file}.`), { code: "ENOENT" });
  }
  return new Uint8Array(request.response);
}
