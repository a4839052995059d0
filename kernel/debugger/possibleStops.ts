import type { Debugger } from "node:inspector";
import type { Inspector } from "./inspector";
import type { Place, RunningPlace } from "./messages";

/** A place where code can stop. */
export interface PossibleStop {
  place: Place;
  running: RunningPlace;
}

/** Where code of a script can stop, in the order of the user's text. */
export async function findStops(
  inspector: Inspector,
  scriptId: string,
  url: string,
): Promise<PossibleStop[]> {
  const { locations } = await inspector
    .post<Debugger.GetPossibleBreakpointsReturnType>("Debugger.getPossibleBreakpoints", {
      start: { scriptId, lineNumber: 0, columnNumber: 0 },
    })
    .catch(() => {
      // None of its functions can be called any more, and V8 has let go of it.
      return { locations: [] };
    });
  const running = locations.map(({ lineNumber, columnNumber = 0 }) => {
    return { url, line: lineNumber, column: columnNumber };
  });
  const places = await inspector.call<(Place | null)[]>("places", running);
  const stops = places.flatMap((place, at) =>
    place?.stops ? [{ place, running: running[at] }] : [],
  );
  return stops.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}
