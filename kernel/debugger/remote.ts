import type { Runtime } from "node:inspector";

/** A value that lies in the main thread. */
export class Remote {
  constructor(readonly object: Runtime.RemoteObject) {}

  /** How the inspector is given it. */
  get argument(): Runtime.CallArgument {
    const { objectId, unserializableValue, value } = this.object;
    return objectId !== undefined
      ? { objectId }
      : unserializableValue !== undefined
        ? { unserializableValue }
        : { value };
  }
}

/** What an error that was thrown in the main thread says. */
export function messageOf({ exception, text }: Runtime.ExceptionDetails): string {
  const said = exception?.description ?? String(exception?.value ?? text);
  return said.split(/\n\s+at /, 1)[0];
}

/** How the inspector is given a value, which may lie in the main thread. */
export function asArgument(value: unknown): Runtime.CallArgument {
  return value instanceof Remote ? value.argument : value === undefined ? {} : { value };
}
