import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Answers one request. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on the loopback interface whose paths misbehave as a test asks for. */
export interface MirrorServer {
  /** Adds a path with its behaviour and gives its address. */
  serve: (path: string, behaviour: Behaviour) => string;
  /** Every request so far. */
  readonly requests: { path: string }[];
  close: () => Promise<void>;
}

export async function startMirrorServer(): Promise<MirrorServer> {
  const behaviours = new Map<string, Behaviour>();
  const requests: MirrorServer["requests"] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push({ path });
    const behaviour = behaviours.get(path) ?? answer(404, "text/plain", "no such path");
    behaviour(request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    serve: (path, behaviour) => {
      behaviours.set(path, behaviour);
      return `http://127.0.0.1:${port}${path}`;
    },
    requests,
    close: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A whole answer with any status. */
export function answer(status: number, type: string, body: string | Buffer): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
    response.end(body);
  };
}

/** A good mirror. */
export function whole(content: Buffer): Behaviour {
  return answer(200, "application/octet-stream", content);
}

/** Announces everything, sends the first bytes and breaks the connection. */
export function truncated(content: Buffer, bytes: number): Behaviour {
  return (_request, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, bytes), () => response.destroy());
  };
}

/** Sends the first bytes and then nothing, forever. */
export function stalled(content: Buffer, bytes: number): Behaviour {
  return (_request, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, bytes));
  };
}
