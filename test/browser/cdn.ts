import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of this machine that plays a content delivery network. */
export class Cdn {
  private constructor(
    private readonly server: Server,
    readonly address: string,
    /** The paths that were asked for. */
    readonly asked: string[],
  ) {}

  /** @param files texts by path; what is added later is served, too */
  static async start(files: Map<string, string>): Promise<Cdn> {
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const text = files.get(url);
      response
        .writeHead(text === undefined ? 404 : 200, {
          "Access-Control-Allow-Origin": "*",
          "Content-Type": "text/javascript",
          "Cache-Control": "no-store",
        })
        .end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return new Cdn(server, `http://127.0.0.1:${port}`, asked);
  }

  close(): void {
    this.server.close();
  }
}

/** What a page's `integrity` has of a text. */
export function integrityOf(text: string): string {
  return `sha384-${createHash("sha384").update(text).digest("base64")}`;
}
