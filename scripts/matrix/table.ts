// How often each assertion held: for people as Markdown, for programs as JSON.
import type { Data } from "./data";
import type { Engine } from "./engines";
import type { Run } from "./plan";
import type { Result } from "./run";

/** In how many of so many runs an assertion held. */
export interface Count {
  held: number;
  of: number;
}

/** A row of the table. */
export interface AssertionRow {
  path: string;
  data: Data;
  cell: number;
  line: number;
  text: string;
  /** By the engine's name. */
  counts: Record<string, Count>;
  failures: { engine: string; seed: number | null; message: string }[];
}

export interface Table {
  /** Runs that were planned, done, and without fault. */
  runs: { planned: number; done: number; good: number };
  engines: { name: string; title: string }[];
  /** What is not in the matrix on this machine, a line each. */
  leftOut: string[];
  assertions: AssertionRow[];
  /** Runs that failed, with the first thing that was wrong. */
  failed: { path: string; engine: string; data: Data; seed: number | null; error: string }[];
}

export function makeTable(options: {
  runs: readonly Run[];
  results: ReadonlyMap<Run, Result>;
  engines: readonly Engine[];
  leftOut: readonly string[];
}): Table {
  const { runs, results, engines, leftOut } = options;
  const rows = new Map<string, AssertionRow>();
  const failed: Table["failed"] = [];
  for (const run of runs) {
    const { lesson, data, seed, engine } = run;
    const result = results.get(run);
    if (result?.error) {
      failed.push({ path: lesson.name, engine: engine.name, data, seed, error: result.error });
    }
    for (const [index, { cell, line, text, held, message = "" }] of (
      result?.outcomes ?? []
    ).entries()) {
      const key = `${lesson.path} ${data} ${index}`;
      const row = rows.get(key) ?? {
        path: lesson.name,
        data,
        cell,
        line,
        text,
        counts: {},
        failures: [],
      };
      rows.set(key, row);
      row.counts[engine.name] ??= { held: 0, of: 0 };
      const count = row.counts[engine.name];
      count.held += held ? 1 : 0;
      count.of += held === undefined ? 0 : 1;
      if (held === false) {
        row.failures.push({ engine: engine.name, seed, message });
      }
    }
  }
  const done = runs.flatMap((run) => results.get(run) ?? []);
  return {
    runs: { planned: runs.length, done: done.length, good: done.filter(({ ok }) => ok).length },
    engines: engines.map(({ name, title }) => ({ name, title })),
    leftOut: [...leftOut],
    assertions: inOrder([...rows.values()], runs),
    failed,
  };
}

/** The lessons' order, then the cells', then that of the data. */
function inOrder(rows: AssertionRow[], runs: readonly Run[]): AssertionRow[] {
  const paths = [...new Set(runs.map(({ lesson }) => lesson.name))];
  return rows.sort(
    (a, b) =>
      paths.indexOf(a.path) - paths.indexOf(b.path) || a.cell - b.cell || a.line - b.line || 0,
  );
}

/** The table as Markdown: a summary, what failed, and every assertion. */
export function markdownOf(table: Table): string {
  const { runs, engines, leftOut, assertions, failed } = table;
  const title = (name: string) => engines.find((engine) => engine.name === name)?.title ?? name;
  const shaky = assertions.filter(({ failures }) => failures.length > 0);
  const total = sum(assertions.flatMap(({ counts }) => Object.values(counts)));
  const lines = [
    "# Lessons over seeds, engines and data",
    "",
    `${runs.done} of ${runs.planned} runs done, ${runs.good} without fault. ` +
      `Assertions held ${total.held} of ${total.of} times.`,
    ...leftOut.map((line) => `\nLeft out: ${line}`),
  ];
  if (failed.length > 0) {
    lines.push("", "## What did not hold", "");
    for (const { path, data, cell, line, text, failures } of shaky) {
      lines.push(`- ${path}, cell ${cell}, line ${line}, data ${data}: ${code(text)}`);
      for (const { engine, seed, message } of failures) {
        lines.push(`  - ${title(engine)}, ${seedName(seed)}: ${message.split("\n")[0]}`);
      }
    }
    lines.push("", "Failed runs, with the first fault of each:", "");
    for (const { path, engine, data, seed, error } of failed) {
      lines.push(`- ${path}, ${title(engine)}, data ${data}, ${seedName(seed)}: ${error}`);
    }
  }
  const heads = ["lesson", "cell", "data", "assertion", ...engines.map(({ title }) => title)];
  lines.push("", "## How often each assertion held", "", row(heads), row(heads.map(() => "---")));
  for (const { path, cell, line, data, text, counts } of assertions) {
    const held = engines.map(({ name }) => countText(counts[name]));
    lines.push(row([path, `${cell}:${line}`, data, code(text), ...held]));
  }
  return `${lines.join("\n")}\n`;
}

function sum(counts: readonly Count[]): Count {
  return {
    held: counts.reduce((total, { held }) => total + held, 0),
    of: counts.reduce((total, { of }) => total + of, 0),
  };
}

function countText(count: Count | undefined): string {
  if (!count || count.of === 0) {
    return "";
  }
  const text = `${count.held}/${count.of}`;
  return count.held < count.of ? `**${text}**` : text;
}

/** In words: the lesson's own seeds, or the one that was set. */
export function seedName(seed: number | null): string {
  return seed === null ? "own seeds" : `seed ${seed}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Code in Markdown, whatever backticks it holds. */
function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
