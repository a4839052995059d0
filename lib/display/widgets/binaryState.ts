/** What both ends of a widget share, by name. */
export type WidgetState = Record<string, unknown>;

/** A state without its binary parts, which travel beside it, and where each of them belongs. */
export interface SplitState {
  state: WidgetState;
  buffer_paths: (string | number)[][];
  buffers: Uint8Array[];
}

/** Takes the bytes out of a state, as ipywidgets' protocol wants them: beside the JSON. */
export function splitState(state: WidgetState): SplitState {
  const buffer_paths: (string | number)[][] = [];
  const buffers: Uint8Array[] = [];
  const split = (value: unknown, path: (string | number)[]): unknown => {
    const bytes = bytesOf(value);
    if (bytes) {
      buffer_paths.push(path);
      buffers.push(bytes);
      return null;
    }
    if (Array.isArray(value)) {
      return value.map((element, place) => split(element, [...path, place]));
    }
    return isPlain(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, part]) => [key, split(part, [...path, key])]),
        )
      : value;
  };
  return { state: split(state, []) as WidgetState, buffer_paths, buffers };
}

/** The inverse of {@link splitState}; what comes in is as JSON.parse gave it, and is written to. */
export function joinState({ state, buffer_paths, buffers }: SplitState): WidgetState {
  for (const [place, path] of buffer_paths.entries()) {
    let parent: Record<string | number, unknown> = state;
    for (const step of path.slice(0, -1)) {
      parent = parent[step] as typeof parent;
    }
    parent[path[path.length - 1]] = buffers[place];
  }
  return state;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) {
    return new Uint8Array(value);
  }
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  const prototype = typeof value === "object" && value !== null && Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
