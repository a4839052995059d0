import type { Runtime } from "node:inspector";
import type { Frame } from "./frames";
import type { Inspector, Paused } from "./inspector";
import { Remote } from "./remote";

/** What was thrown, where that is why code has stopped. */
export interface Thrown {
  value: Remote;
  text: string;
  caught: boolean;
}

/**
 * What was thrown, and whether the user's code catches it. V8 takes what the kernel catches, to
 * fail the cell, for caught; so the text decides where nothing but cells is around.
 */
export async function readException(
  inspector: Inspector,
  { data }: Paused,
  frames: Frame[],
): Promise<Thrown> {
  const thrown = data as Runtime.RemoteObject & { uncaught?: boolean };
  const isCaught = await inspector.call<boolean>(
    "isCaught",
    frames.map(({ running }) => running),
  );
  const last = frames.at(-1);
  const failsCell = last?.isTopLevel === true && last.place.kind === "cell";
  const text = thrown.description?.split(/\n\s+at /, 1)[0] ?? String(thrown.value);
  return {
    value: new Remote(thrown),
    text,
    caught: isCaught || (thrown.uncaught === false && !failsCell),
  };
}
