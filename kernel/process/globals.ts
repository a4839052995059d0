import { createDisplay, type SendDisplay } from "../display/display";
import type { StaleCell } from "../session/cellBook";
import type { Comms } from "./comms";
import type { Contexts } from "./contexts";
import type { Input } from "./input";
import type { Link } from "./link";

/** Where libraries find the running cell without knowing any kernel. */
export const CELL_SYMBOL = Symbol.for("Jupyter.cell");

/** Defines what cells may use without importing it; types/globals.d.ts describes it. */
export function installGlobals(parts: {
  link: Link;
  contexts: Contexts;
  input: Input;
  comms: Comms;
  fail: (error: unknown) => void;
  /** The cells whose inputs have changed; see {@link Session.stale}. */
  stale: () => StaleCell[];
  /** Runs them, and shows their results by the function that it is given. */
  runStale: (show: (value: unknown) => void) => Promise<void>;
}): { owner: () => SendDisplay } {
  const { link, contexts, input, comms, fail, stale, runStale } = parts;
  const owner = (): SendDisplay => {
    const context = contexts.current;
    return (kind, content) => link.publish(kind, content, context);
  };
  const cell = () => {
    const context = contexts.current;
    return (
      context && {
        signal: context.controller.signal,
        executionCount: context.count,
        code: context.code,
        interactive: context.interactive,
      }
    );
  };
  const define = (name: string | symbol, property: PropertyDescriptor) =>
    Object.defineProperty(globalThis, name, { configurable: true, ...property });
  const value = (name: string, given: unknown) => define(name, { value: given, writable: true });
  const display = createDisplay(owner, fail);
  value("display", display);
  value("clearOutput", ({ wait = false } = {}) =>
    link.publish("clear_output", { wait }, contexts.current),
  );
  value("prompt", (message = "", defaultValue = "", { password = false } = {}) => {
    const answer = input.ask(String(message), password);
    return answer === "" ? String(defaultValue) : answer;
  });
  define(CELL_SYMBOL, { get: () => cell() });
  value("jupyter", {
    get cell() {
      return cell();
    },
    cells: {
      get stale() {
        return stale();
      },
      runStale: () => runStale(display),
    },
    comms: {
      open: comms.open.bind(comms),
      register: comms.register.bind(comms),
    },
  });
  return { owner };
}
