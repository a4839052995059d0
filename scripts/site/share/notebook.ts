// A notebook that travels: what is looked at before anything else sees it, and what of it goes along.

/** The largest notebook that is taken from elsewhere, in bytes. */
export const LARGEST_NOTEBOOK = 10e6;

const MOST_CELLS = 2000;

export interface SharedCell {
  id: string;
  cell_type: "code" | "markdown" | "raw";
  source: string;
  metadata: Record<string, unknown>;
  attachments?: Record<string, Record<string, string>>;
  outputs?: [];
  execution_count?: null;
}

/** A notebook of nbformat 4.5 that has no outputs. */
export interface SharedNotebook {
  nbformat: 4;
  nbformat_minor: 5;
  metadata: Record<string, unknown>;
  cells: SharedCell[];
}

/** A notebook as far as {@link checkNotebook} has looked at it. */
export interface CheckedNotebook {
  cells: CheckedCell[];
  metadata?: unknown;
  [key: string]: unknown;
}

interface CheckedCell {
  cell_type: SharedCell["cell_type"];
  source: string | string[];
  metadata?: unknown;
  [key: string]: unknown;
}

/**
 * The notebook in a file's text.
 *
 * @throws Error in one sentence about "it", where it is none of nbformat 4
 */
export function checkNotebook(text: string): CheckedNotebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON.");
  }
  const { nbformat, cells } = fieldsOf(value);
  if (typeof nbformat === "number" && nbformat !== 4) {
    throw new Error(`it is a notebook of format ${nbformat}; format 4 is needed.`);
  }
  if (nbformat !== 4 || !Array.isArray(cells)) {
    throw new Error('it is no notebook: it has no "nbformat": 4 with a list of "cells".');
  }
  if (cells.length > MOST_CELLS) {
    throw new Error(`it has ${cells.length} cells; up to ${MOST_CELLS} are taken.`);
  }
  const wrong = cells.findIndex((cell) => !isCell(cell));
  if (wrong >= 0) {
    throw new Error(`it is no notebook: its cell ${wrong + 1} is none of code, Markdown or text.`);
  }
  return value as CheckedNotebook;
}

function isCell(value: unknown): value is CheckedCell {
  const { cell_type, source } = fieldsOf(value);
  const isText =
    typeof source === "string" ||
    (Array.isArray(source) && source.every((line) => typeof line === "string"));
  return ["code", "markdown", "raw"].includes(cell_type as string) && isText;
}

/**
 * What of a notebook travels: texts and code, and what says how they are shown. Outputs, and the words of
 * an author that they may be trusted, stay behind.
 */
export function forTravel({ cells }: CheckedNotebook): SharedNotebook {
  const ids = new Set<string>();
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: KERNEL, language_info: LANGUAGE },
    cells: cells.map((cell) => {
      const id = idOf(cell, ids);
      ids.add(id);
      const shared: SharedCell = {
        id,
        cell_type: cell.cell_type,
        source: textOf(cell.source),
        metadata: metadataOf(cell),
      };
      const pictures = picturesOf(cell.attachments);
      if (pictures) {
        shared.attachments = pictures;
      }
      return cell.cell_type === "code" ? { ...shared, outputs: [], execution_count: null } : shared;
    }),
  };
}

/** The one kernel that the site has. */
const KERNEL = { name: "karenina", display_name: "TypeScript (Karenina)", language: "typescript" };
const LANGUAGE = { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" };

const textOf = (source: string | string[]) => [source].flat().join("");

/** What says how a cell is shown. */
function metadataOf({ metadata }: CheckedCell): Record<string, unknown> {
  const { tags, jupyter, slideshow } = fieldsOf(metadata);
  const kept: Record<string, unknown> = {};
  if (Array.isArray(tags)) {
    kept.tags = tags.filter((tag) => typeof tag === "string");
  }
  if (fieldsOf(jupyter).source_hidden === true) {
    kept.jupyter = { source_hidden: true };
  }
  const { slide_type } = fieldsOf(slideshow);
  if (typeof slide_type === "string") {
    kept.slideshow = { slide_type };
  }
  return kept;
}

/** A cell's id, another one where it has none that nbformat allows or another cell has it. */
function idOf({ id }: CheckedCell, taken: ReadonlySet<string>): string {
  if (typeof id === "string" && /^[\w-]{1,64}$/.test(id) && !taken.has(id)) {
    return id;
  }
  let number = taken.size;
  while (taken.has(`cell-${number}`)) {
    number++;
  }
  return `cell-${number}`;
}

/** Pictures that a text shows: what a browser draws and never runs. */
function picturesOf(attachments: unknown): SharedCell["attachments"] {
  const kept: [string, Record<string, string>][] = [];
  for (const [name, types] of Object.entries(fieldsOf(attachments))) {
    const pictures = Object.entries(fieldsOf(types)).filter(
      (entry): entry is [string, string] =>
        /^image\/(png|jpeg|gif|webp)$/.test(entry[0]) && typeof entry[1] === "string",
    );
    if (pictures.length > 0) {
      kept.push([name, Object.fromEntries(pictures)]);
    }
  }
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** What a reader learns of a notebook before it is kept. */
export interface NotebookFacts {
  /** The heading that it begins with, where it has one. */
  title: string | undefined;
  codeCells: number;
  /** Lines of code, those that are empty left out. */
  codeLines: number;
  textCells: number;
  outputs: number;
  /** The language that it says its code is in, in small letters. */
  language: string | undefined;
  /** Whether its texts name addresses that a browser may load pictures from. */
  namesAddresses: boolean;
}

export function factsOf({ cells, metadata }: CheckedNotebook): NotebookFacts {
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  const texts = cells.filter(({ cell_type }) => cell_type !== "code");
  const lines = code.flatMap(({ source }) => textOf(source).split("\n"));
  const { kernelspec, language_info } = fieldsOf(metadata);
  const language = fieldsOf(kernelspec).language ?? fieldsOf(language_info).name;
  return {
    title: cells[0] && /^# (.+)$/m.exec(textOf(cells[0].source))?.[1].trim(),
    codeCells: code.length,
    codeLines: lines.filter((line) => line.trim() !== "").length,
    textCells: texts.length,
    outputs: code.filter(({ outputs }) => Array.isArray(outputs) && outputs.length > 0).length,
    language: typeof language === "string" ? language.toLowerCase() : undefined,
    namesAddresses: texts.some(({ source }) => textOf(source).includes("//")),
  };
}

/** Characters that are not seen, or turn the order of those that are: code can hide behind them. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text with what cannot be seen in it written out: "⟨U+202E⟩". */
export function plainlySeen(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, (each) => {
    const code = each.codePointAt(0) as number;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/**
 * A name for a file of JupyterLite's that came from elsewhere: no folder, nothing that is not seen, nothing
 * that addresses or file systems read in a way of their own; it ends in ".ipynb".
 */
export function fileName(name: string | undefined): string {
  const last = (name ?? "").split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .replace(/\.ipynb$/i, "")
    .replace(UNSEEN, "")
    .replace(/[<>:"|?*%#&]/g, "")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "");
  return `${[...plain].slice(0, 80).join("") || "notebook"}.ipynb`;
}

/** "moons.ipynb", "moons (2).ipynb", and so on: names for a file, the first one its own. */
export function* namesFor(path: string): Generator<string> {
  const [, beginning, end] = /^(.*?)(\.[^./]*)?$/s.exec(path) as RegExpExecArray;
  yield path;
  for (let number = 2; ; number++) {
    yield `${beginning} (${number})${end ?? ""}`;
  }
}
