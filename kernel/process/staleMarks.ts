import { STALE_CELLS } from "../channel";
import type { Comm, Comms } from "./comms";

/**
 * Tells front ends which cells of the notebook are stale, where one asks by opening a comm, as the
 * extension for JupyterLab does (see labextension/plugin.ts). Nobody else hears of it.
 */
export class StaleMarks {
  private readonly listeners = new Set<Comm>();
  private told = "";

  /** @param stale the stale cells by the front end's ids, each with the names that have changed */
  constructor(
    comms: Comms,
    private readonly stale: () => Record<string, string[]>,
  ) {
    comms.register(STALE_CELLS, (comm) => {
      this.listeners.add(comm);
      comm.onClose = () => this.listeners.delete(comm);
      const cells = this.stale();
      this.told = JSON.stringify(cells);
      comm.send({ cells });
    });
  }

  /** To be called when a cell has run. */
  update(): void {
    if (this.listeners.size === 0) {
      return;
    }
    const cells = this.stale();
    const text = JSON.stringify(cells);
    if (text !== this.told) {
      this.told = text;
      for (const comm of this.listeners) {
        comm.send({ cells });
      }
    }
  }
}
