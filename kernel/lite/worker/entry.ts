// The kernel's worker: the session, and what runs its cells, as in a process of Node's, over what a
// browser has (see ../web). It begins with the page's first message.
import "./globals";
import type { ToPage, ToWorker } from "../messages";
import { startKernel } from "./kernel";

interface WorkerScope {
  readonly location: { href: string };
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: ToPage): void;
}

const scope = globalThis as unknown as WorkerScope;
// Kept: cells have the global one.
const post = scope.postMessage.bind(scope);

scope.onmessage = ({ data }) => {
  if (data.type !== "start") {
    return;
  }
  const base = new URL(".", scope.location.href).href;
  startKernel(data, base, post).then(
    (handle) => {
      scope.onmessage = ({ data }) => handle(data as never);
    },
    (error: unknown) =>
      post({ type: "failed", reason: (error as Error)?.message ?? String(error) }),
  );
};
