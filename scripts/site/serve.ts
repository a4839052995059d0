import { createReadStream, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";
import { createGzip } from "node:zlib";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html",
  ".ipynb": "application/json",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/json",
  ".woff2": "font/woff2",
};

export interface ServeOptions {
  /** 0 for any that is free. */
  port: number;
  /** Where the site begins, as on hosts that give each project a folder: "/" or "/lite/". */
  below?: string;
  /** Sent with each file; default: none that a page could want. */
  headers?: Record<string, string>;
  /** Is called for each file that is sent, with its bytes as they travel. */
  sent?: (path: string, bytes: number) => void;
}

/** Serves a folder as hosts of static files do, packed. */
export async function serve(
  folder: string,
  { port, below = "/", headers: own = {}, sent }: ServeOptions,
): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = decodeURIComponent(pathname);
    const inside = path.startsWith(below) ? path.slice(below.length) : "..";
    const file = join(
      folder,
      inside.endsWith("/") || inside === "" ? `${inside}index.html` : inside,
    );
    const status = statSync(file, { throwIfNoEntry: false });
    if (!file.startsWith(folder + sep) || !status?.isFile()) {
      response.writeHead(404).end("not found");
      return;
    }
    const etag = `"${status.size}-${status.mtimeMs}"`;
    const headers = {
      ...own,
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Cache-Control": "max-age=600",
      ETag: etag,
    };
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, { ...headers, "Content-Encoding": "gzip" });
    let bytes = 0;
    const packed = createReadStream(file).pipe(createGzip());
    packed.on("data", (part: Buffer) => {
      bytes += part.length;
    });
    packed.on("end", () => sent?.(path, bytes));
    packed.pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: found } = server.address() as AddressInfo;
  return { server, address: `http://127.0.0.1:${found}${below}` };
}
