// The console of cells: what Node's prints, in Node's words, to two streams.
import { formatWithOptions, inspect } from "./util";

type Write = (stream: "stdout" | "stderr", text: string) => void;

/** Puts a console in the place of the worker's own, which goes to the browser's. */
export function installConsole(write: Write): void {
  let indent = "";
  const counts = new Map<string, number>();
  const begun = new Map<string, number>();
  const print = (stream: "stdout" | "stderr", values: unknown[]) => {
    const text = formatWithOptions({}, ...values);
    write(stream, `${indent}${text.replaceAll("\n", `\n${indent}`)}\n`);
  };
  const log = (...values: unknown[]) => print("stdout", values);
  const error = (...values: unknown[]) => print("stderr", values);
  const passed = (label: string) => {
    const from = begun.get(label);
    if (from === undefined) {
      error(`Warning: No such label '${label}' for console.time`);
    }
    return from === undefined ? undefined : `${label}: ${duration(performance.now() - from)}`;
  };
  const group = (...label: unknown[]) => {
    if (label.length > 0) {
      log(...label);
    }
    indent += "  ";
  };
  Object.assign(console, {
    log,
    info: log,
    debug: log,
    error,
    warn: error,
    dir: (value: unknown, options?: object) =>
      write("stdout", `${inspect(value, { customInspect: false, ...options })}\n`),
    table: (rows: unknown) => log(tableOf(rows) ?? rows),
    trace: (...values: unknown[]) => {
      // Stacks leave out the frames of the kernel, this one among them.
      const { stack = "" } = new Error();
      error(`Trace: ${formatWithOptions({}, ...values)}\n${stack.split("\n").slice(1).join("\n")}`);
    },
    assert: (holds: unknown, ...values: unknown[]) => {
      if (!holds) {
        error(...(values.length > 0 ? ["Assertion failed:", ...values] : ["Assertion failed"]));
      }
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default") => void counts.delete(label),
    time: (label = "default") => void begun.set(label, performance.now()),
    timeLog: (label = "default", ...values: unknown[]) => {
      const text = passed(label);
      if (text !== undefined) {
        log(text, ...values);
      }
    },
    timeEnd: (label = "default") => {
      const text = passed(label);
      if (text !== undefined) {
        begun.delete(label);
        log(text);
      }
    },
  });
}

function duration(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(3)}ms`
    : `${(milliseconds / 1000).toFixed(3)}s`;
}

/** Rows with lines around them; undefined where a value is no table. */
function tableOf(rows: unknown): string | undefined {
  if (typeof rows !== "object" || rows === null) {
    return undefined;
  }
  const entries = rows instanceof Map ? [...rows] : Object.entries(rows);
  const columns: string[] = [];
  const lines = entries.map(([index, row]): Record<string, string> => {
    const cells: [string, unknown][] =
      typeof row === "object" && row !== null ? Object.entries(row) : [["Values", row]];
    for (const [name] of cells) {
      if (!columns.includes(name)) {
        columns.push(name);
      }
    }
    const texts = cells.map(([name, value]) => [name, inspect(value, { depth: 0 })]);
    return { ...Object.fromEntries(texts), "(index)": String(index) };
  });
  const names = ["(index)", ...columns.filter((name) => name !== "Values")];
  names.push(...columns.filter((name) => name === "Values"));
  const widths = names.map(
    (name) => 2 + Math.max(name.length, ...lines.map((line) => (line[name] ?? "").length)),
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const row = (texts: string[]) =>
    `│${texts.map((text, i) => ` ${text}`.padEnd(widths[i])).join("│")}│`;
  return [
    rule("┌", "┬", "┐"),
    row(names),
    rule("├", "┼", "┤"),
    ...lines.map((line) => row(names.map((name) => line[name] ?? ""))),
    rule("└", "┴", "┘"),
  ].join("\n");
}
