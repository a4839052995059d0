import { inspect } from "node:util";
import type { ErrorContent } from "../channel";
import { excerpt, TypeScriptError } from "../session/compile/diagnostics";
import type { Session } from "../session/session";

/** What a cell throws that was stopped. Front ends know it by this name. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";

  constructor(message = "The cell was stopped.") {
    super(message);
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** What `process.exit` throws in a cell. */
export class ProcessExitError extends Error {
  override readonly name = "ProcessExitError";
}

/** How places in errors are put in terms of what the user wrote. */
type Places = Pick<Session, "whileMapping" | "mapStack" | "placeOf">;

/** Anything thrown, as Jupyter tells it. */
export function describeError(error: unknown, places: Places): ErrorContent {
  try {
    if (error instanceof TypeScriptError) {
      return describeDiagnostics(error);
    }
    if (isError(error)) {
      return describeThrown(error, places);
    }
    const text = inspect(error, { depth: 2 });
    return { ename: "Uncaught", evalue: text, traceback: [`${red("Uncaught")} ${text}`] };
  } catch {
    // Proxies, getters that throw: even looking at some values fails.
    const text = "a value that cannot be shown, because looking at it throws";
    return { ename: "Uncaught", evalue: text, traceback: [`${red("Uncaught")}: ${text}`] };
  }
}

function describeDiagnostics(error: TypeScriptError): ErrorContent {
  const traceback = error.diagnostics.flatMap((diagnostic) => [
    `${diagnostic.file}:${diagnostic.line}:${diagnostic.column} - ` +
      `${red("error")} TS${diagnostic.code}: ${diagnostic.message}`,
    diagnostic.excerpt,
  ]);
  return { ename: error.name, evalue: error.message, traceback };
}

function describeThrown(error: Error, places: Places): ErrorContent {
  const ename = String(error.name || error.constructor?.name || "Error");
  if (error instanceof KeyboardInterrupt) {
    return { ename, evalue: error.message, traceback: [`${red(ename)}: ${error.message}`] };
  }
  // However errors behave when they are looked at. The stack comes first: when it is taken, the
  // message is put in terms of the user's text.
  const given = places.whileMapping(() => attempt<unknown>(() => error.stack, undefined));
  const evalue = String(error.message ?? "");
  const plain = evalue === "" ? ename : `${ename}: ${evalue}`;
  const stack = places.mapStack(typeof given === "string" ? given : plain);
  const place = places.placeOf(stack);
  // The inspected error has its cause, its errors and its own properties too.
  const inspected = () => inspect(error, { depth: 2, maxStringLength: 10_000 });
  const shown = places.mapStack(places.whileMapping(() => attempt(inspected, stack)));
  const colored = shown.startsWith(ename) ? red(ename) + shown.slice(ename.length) : shown;
  return {
    ename,
    evalue,
    traceback: [
      ...(place
        ? [`${place.name}:${place.line}`, excerpt(place.text, place.line, place.column)]
        : []),
      colored,
    ],
  };
}

function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === "object" &&
      value !== null &&
      Object.prototype.toString.call(value) === "[object Error]")
  );
}

function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}
