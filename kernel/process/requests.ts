import { PHASE, SHARED, type ToMain } from "../channel";
import type { Session } from "../session/session";
import type { Comms } from "./comms";
import type { Contexts } from "./contexts";
import type { Executor } from "./executor";
import { answer } from "./help";
import type { Link } from "./link";

/** What the front asks of a kernel besides running cells. */
export type Request = Extract<ToMain, { type: "ask" | "interrupt" | "comm" }>;

interface Parts {
  link: Link;
  contexts: Contexts;
  comms: Comms;
  executor: Executor;
  session: () => Session;
  shared: Int32Array;
  /** Is called when a Stop has been announced, before cells are stopped. */
  stopping?: () => void;
}

/** Does what the front asks for, in a process and in a page's worker alike. */
export function serve(
  message: Request,
  { link, contexts, comms, executor, session, shared, stopping }: Parts,
): void {
  switch (message.type) {
    case "ask": {
      const reply = () => {
        try {
          return executor.inCompiler(() => answer(message, session()));
        } catch (error) {
          return { status: "error", ename: "Error", evalue: String(error), traceback: [] };
        }
      };
      link.send({ type: "reply", id: message.id, content: reply() });
      break;
    }
    case "interrupt":
      Atomics.store(shared, SHARED.phase, PHASE.open);
      link.send({
        type: "interrupted",
        round: message.round,
        cells: contexts.allRunning.map(({ id }) => id),
      });
      stopping?.();
      contexts.interrupt();
      Atomics.store(shared, SHARED.stop, 0);
      break;
    case "comm":
      try {
        comms.receive(message.id, message.kind, message.content, message.buffers);
      } finally {
        link.send({ type: "served", id: message.id });
      }
      break;
  }
}
