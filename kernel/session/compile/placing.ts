import type ts from "typescript";
import type { TypeScript } from "../host";
import type { CheckedText } from "./checker";
import { readTopLevel } from "./declarations";
import { Edits } from "./edits";
import type { Elements } from "./elements";
import { identifiers, isUnchecked } from "./parse";
import { typeResult } from "./results";
import type { Scope } from "./scope";
import type { Workspace } from "./workspace";

export interface PlaceOptions {
  everyName?: boolean;
  assigned?: Set<string>;
  result?: { last: ts.ExpressionStatement; names: string[] };
  parsed?: ts.SourceFile;
}

/** Puts the texts of cells where the checker reads them, with the names of earlier ones in front. */
export class CellPlaces {
  /** Has a cell said that this is a notebook of JavaScript? */
  unchecked = false;

  constructor(
    private readonly ts: TypeScript,
    private readonly workspace: Workspace,
    private readonly scope: Scope,
    private readonly elements: Elements,
  ) {}

  /**
   * Puts a text into the place of the next cell, for checking or for the editor's help. Where the
   * text has syntax errors this does what it can.
   *
   * @param options `everyName`: let it see the names that it does not mention too, to complete
   *   them; `assigned`: see {@link Scope.checkHeader}; `result`: see {@link typeResult}; `parsed`: the text, where it is parsed already
   */
  place(code: string, options: PlaceOptions = {}): CheckedText {
    const { everyName = false, assigned, result, parsed = this.elements.parse(code) } = options;
    const number = this.scope.nextNumber;
    const topLevel = readTopLevel(this.ts, parsed);
    const edits = new Edits();
    const unmarked = new Set(topLevel.evolving.map(({ position }) => position));
    for (const position of topLevel.exportPositions) {
      if (!unmarked.has(position)) {
        edits.open(position, "export ");
      }
    }
    const used = everyName ? this.scope.list() : this.namesIn(parsed);
    // Keeps the cell's own export lists out of the way of ours.
    for (const { position, prefix } of topLevel.listedPositions) {
      edits.open(position, prefix);
    }
    const { header, uses } = this.scope.checkHeader(used, topLevel, assigned);
    // TypeScript heeds it at the head of a file only.
    const unchecked = this.unchecked || isUnchecked(parsed) ? "// @ts-nocheck\n" : "";
    // On a line of its own: a doc comment on the same line would count as the import's.
    const before = `${unchecked}${header}\n`;
    const typed = result ? typeResult(parsed, result.last, result.names, edits) : "";
    const edited = edits.apply(code, before);
    const file = this.workspace.resolution.cellFile(number);
    const footer = this.scope.checkFooter(number, topLevel, result?.names) + typed;
    this.workspace.setText(file, edited.text + footer, this.elements.isIn(parsed));
    return { ...edited, file, parsed, start: before.length, topLevel, uses };
  }

  /** The names that a cell may use of earlier ones. */
  private namesIn(parsed: ts.SourceFile): Set<string> {
    return new Set([...identifiers(this.ts, parsed), ...this.elements.namesIn(parsed)]);
  }
}
