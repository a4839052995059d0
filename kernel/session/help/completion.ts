import type ts from "typescript";
import type { CheckedText } from "../compile/checker";

/** What could stand at a place in a cell. */
export interface Completion {
  matches: { text: string; kind: string }[];
  /** The part of the text, in UTF-16 offsets, that a match replaces. */
  start: number;
  end: number;
}

/** Asks the language service what could stand at an offset of a cell. */
export function completeAt(
  service: ts.LanguageService,
  placed: CheckedText,
  code: string,
  offset: number,
): Completion {
  const found = service.getCompletionsAtPosition(placed.file, placed.toEdited(offset), {
    includeCompletionsWithInsertText: false,
    includeCompletionsForModuleExports: false,
  });
  const word = /[\w$\u0080-\uffff]*$/.exec(code.slice(0, offset))?.[0] ?? "";
  const span = found?.entries[0]?.replacementSpan ?? found?.optionalReplacementSpan;
  const start = span ? Math.min(placed.toOriginal(span.start), offset) : offset - word.length;
  const typed = code.slice(start, offset);
  const entries = (found?.entries ?? []).filter(({ name }) => !/\s|^__(cell|session)_/.test(name));
  const exact = entries.filter(({ name }) => name.startsWith(typed));
  const loose = typed.toLowerCase();
  const chosen =
    exact.length > 0 ? exact : entries.filter(({ name }) => name.toLowerCase().startsWith(loose));
  return {
    matches: chosen
      .sort((a, b) => compare(a.sortText, b.sortText) || compare(a.name, b.name))
      .map(({ name, kind }) => ({ text: name, kind })),
    start,
    end: offset,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
