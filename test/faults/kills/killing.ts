import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Kills a process as nothing can be kept from being killed, after a time, and waits until it has
 * ended.
 *
 * @returns whether it was alive until then
 */
export async function killAfter(child: ChildProcess, milliseconds: number): Promise<boolean> {
  const ended = child.exitCode === null ? once(child, "close") : undefined;
  await Promise.race([pause(milliseconds), ended]);
  child.kill("SIGKILL");
  await ended;
  return child.signalCode === "SIGKILL";
}
