import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { isJsonType, type Output } from "./client";

/** A cell as nbformat 4 stores it; multi-line strings may be lists of lines. */
export interface Cell {
  cell_type: string;
  id?: string;
  source: string | string[];
  metadata: Record<string, unknown>;
  outputs?: unknown[];
  execution_count?: number | null;
  [key: string]: unknown;
}

/** A notebook of format 4. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
  [key: string]: unknown;
}

/**
 * Parses a notebook.
 * @param path named in errors.
 * @throws Error where the text is no notebook of nbformat 4.
 */
export function parseNotebook(text: string, path: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(`${path} is not a notebook: it is not JSON (${reason}).`);
  }
  const notebook = value as Notebook;
  const format = (value as Notebook | null)?.nbformat;
  if (typeof format === "number" && format !== 4) {
    throw new Error(
      `${path} is a notebook of format ${format}; format 4 is needed. Opening and saving it in ` +
        "JupyterLab converts it.",
    );
  }
  if (format !== 4 || !Array.isArray(notebook.cells) || !notebook.cells.every(isCell)) {
    throw new Error(
      `${path} is not a notebook: expected an object with "nbformat": 4 and "cells", a list of ` +
        'cells that each have "cell_type" and "source".',
    );
  }
  return notebook;
}

function isCell(value: unknown): boolean {
  const cell = value as Cell | null;
  return (
    typeof cell?.cell_type === "string" &&
    (typeof cell.source === "string" || Array.isArray(cell.source))
  );
}

/** Reads a notebook file; errors as {@link parseNotebook} or where it cannot be read. */
export function readNotebook(path: string): Notebook {
  return parseNotebook(readFileSync(path, "utf8"), path);
}

/** A cell's source as one string. */
export function sourceOf(cell: Cell): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}

/** The heading that a notebook begins with. */
export function titleOf({ cells }: Notebook): string {
  return /^# (.+)$/m.exec(cells[0] ? sourceOf(cells[0]) : "")?.[1] ?? "Untitled";
}

/** A cell's tags. */
export function tagsOf(cell: Cell): readonly string[] {
  const tags = cell.metadata?.tags;
  return Array.isArray(tags) ? tags : [];
}

/**
 * The notebook raised to format 4.5, in place: cells without an id get one, ids are kept, code
 * cells have outputs and a count.
 */
export function upgradeNotebook(notebook: Notebook): void {
  notebook.nbformat_minor = Math.max(notebook.nbformat_minor ?? 0, 5);
  notebook.metadata ??= {};
  for (const cell of notebook.cells) {
    cell.id ??= randomUUID().slice(0, 8);
    cell.metadata ??= {};
    if (cell.cell_type === "code") {
      cell.outputs ??= [];
      cell.execution_count ??= null;
    }
  }
}

/**
 * The text of a notebook file as Jupyter writes it: keys sorted, one blank of indentation,
 * multi-line strings of outputs as lists of lines, so that a version-control diff shows lines.
 * Only data that no one reads line by line, such as a figure's JSON, stands on one line each: with a
 * line for every number a file would be a third larger.
 */
export function notebookText(notebook: Notebook): string {
  const mark = randomUUID();
  const lines: string[] = [];
  const text = JSON.stringify(
    sortKeys(notebook),
    (key, value) =>
      isJsonType(key) && typeof value === "object"
        ? `${mark} ${lines.push(JSON.stringify(value)) - 1}`
        : value,
    1,
  );
  return `${text.replace(new RegExp(`"${mark} (\\d+)"`, "g"), (_, line) => lines[Number(line)])}\n`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    sorted[key] = sortKeys((value as Record<string, unknown>)[key]);
  }
  return sorted;
}

/** An output as a notebook file stores it. */
export function storedOutput(output: Output): unknown {
  switch (output.output_type) {
    case "stream":
      return { ...output, text: splitLines(output.text) };
    case "display_data":
    case "execute_result":
      return {
        ...output,
        data: Object.fromEntries(
          Object.entries(output.data).map(([type, content]) => [
            type,
            typeof content === "string" && !isJsonType(type) ? splitLines(content) : content,
          ]),
        ),
      };
    case "error":
      return output;
  }
}

/** Lines with their line ends. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Writes to a temporary name beside the file, then renames. What killed runs left of it goes. */
export function writeAtomically(path: string, text: string): void {
  const folder = dirname(path);
  const beginning = `${basename(path)}.${MACHINE}-`;
  const temporary = join(folder, `${beginning}${process.pid}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(beginning)) {
        continue;
      }
      const [, pid] = /^(\d+)\.[0-9a-f]{8}\.tmp$/.exec(name.slice(beginning.length)) ?? [];
      if (pid !== undefined && !lives(Number(pid))) {
        rmSync(join(folder, name), { force: true });
      }
    }
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** In a temporary name, since other machines' processes cannot be asked whether they live. */
const MACHINE = hostname()
  .replace(/[^A-Za-z0-9]/g, "")
  .slice(0, 40);

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
