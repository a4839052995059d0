// The part of node:url that the kernel and cells use.
export const fileURLToPath = (url: string | URL) => {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:") {
    throw new TypeError("The URL must be of scheme file");
  }
  return decodeURIComponent(pathname);
};
export const pathToFileURL = (path: string) =>
  new URL(`file://${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`);
export const { URL, URLSearchParams } = globalThis;

export default { fileURLToPath, pathToFileURL, URL, URLSearchParams };
