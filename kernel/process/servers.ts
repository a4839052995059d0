import { Server } from "node:net";
import type { Contexts } from "./contexts";

/** The servers that each cell of the notebook listens with since it was last run. */
export interface Servers {
  /**
   * A cell of the notebook is going to be run: the servers that its last run has left listening are
   * closed, so that it can have their ports again.
   */
  closeFor(notebookCell: string | undefined): void;
}

/**
 * Notes which cell of the notebook has a server listen: those of HTTP, HTTPS and TLS are all servers
 * of node:net. Front ends name cells by ids of their own, which a cell keeps when it is run again.
 */
export function installServers(contexts: Contexts): Servers {
  const servers = new Map<string, Set<Server>>();
  const { prototype } = Server as { prototype: Server };
  const { listen } = prototype;
  const noting = function (this: Server, ...parameters: unknown[]) {
    const cell = contexts.current?.notebookCell;
    if (cell !== undefined) {
      const own = servers.get(cell) ?? new Set();
      servers.set(cell, own.add(this));
    }
    return Reflect.apply(listen, this, parameters);
  };
  prototype.listen = Object.defineProperties(
    noting,
    Object.getOwnPropertyDescriptors(listen),
  ) as typeof listen;
  return {
    closeFor(notebookCell) {
      if (notebookCell === undefined) {
        return;
      }
      for (const server of servers.get(notebookCell) ?? []) {
        if (server.listening) {
          server.close();
          // Those of HTTP keep connections open for further requests.
          (server as { closeAllConnections?: () => void }).closeAllConnections?.();
        }
      }
      servers.delete(notebookCell);
    },
  };
}
