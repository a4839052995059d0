import type { Debugger, Runtime } from "node:inspector";
import { isHidden } from "./hiddenCode";
import type { Inspector, Paused } from "./inspector";
import type { Place, RunningPlace } from "./messages";

/** A call in the stack of a paused thread, in the user's terms. */
export interface Frame {
  name: string;
  url: string;
  place: Place;
  running: RunningPlace;
  /** What V8 knows of it; nothing of a call that has ended and led here asynchronously. */
  call?: Debugger.CallFrame;
  /** Is it the code of a cell or of a module itself, and of no function in it? */
  isTopLevel: boolean;
}

interface RawFrame {
  name: string;
  url: string;
  running: RunningPlace;
  call?: Debugger.CallFrame;
  isAsync: boolean;
}

/** The calls of a pause, the innermost first, without those of the kernel and of Node. */
export async function readFrames(inspector: Inspector, pause: Paused): Promise<Frame[]> {
  const raw = [
    ...pause.callFrames.map((call) => ofCall(inspector, call)),
    ...asyncFrames(inspector, pause.asyncStackTrace),
  ].filter(({ url }) => !isHidden(url));
  const places = await inspector.call<(Place | null)[]>(
    "places",
    raw.map(({ running }) => running),
  );
  return raw.flatMap(({ name, url, running, call, isAsync }, at) => {
    const place = places[at];
    if (!place?.stops) {
      return [];
    }
    const isTopLevel =
      place.kind !== "package" && (call ? call.functionLocation?.lineNumber === 0 : name === "");
    const called = isTopLevel ? place.source.name.replace(/\.ts$/, "") : name || "(anonymous)";
    return [{ name: isAsync ? `async ${called}` : called, url, place, running, call, isTopLevel }];
  });
}

function ofCall(inspector: Inspector, call: Debugger.CallFrame): RawFrame {
  const { scriptId, lineNumber: line, columnNumber: column = 0 } = call.location;
  const url = inspector.urlOf(scriptId);
  return { name: call.functionName, url, running: { url, line, column }, call, isAsync: false };
}

function asyncFrames(inspector: Inspector, trace: Runtime.StackTrace | undefined): RawFrame[] {
  const frames: RawFrame[] = [];
  for (let at = trace; at; at = at.parent) {
    for (const { functionName: name, scriptId, lineNumber, columnNumber } of at.callFrames) {
      const url = inspector.urlOf(scriptId);
      const running = { url, line: lineNumber, column: columnNumber };
      frames.push({ name, url, running, isAsync: true });
    }
  }
  return frames;
}
