import type ts from "typescript";
import type { TypeScript } from "../host";
import { cellHeader } from "./cellHeader";
import type { CheckedText } from "./checker";
import type { Edits } from "./edits";
import type { Elements } from "./elements";
import { copyVariables, findHotLoops } from "./hotLoops";
import { type Input, readInputs } from "./inputs";
import { instrument } from "./instrument";
import { KnownFunctions } from "./knownFunctions";
import { lateMentions, linkLate } from "./lateNames";
import { findMentions, typesUsed } from "./mentions";
import type { Scope } from "./scope";
import type { Workspace } from "./workspace";

export interface CompileOptions {
  everyLoop?: boolean;
  flagRead?: string;
  /** Variables are where a debugger looks for them: loops work on no copies. */
  debugging?: boolean;
}

interface LinkOptions extends CompileOptions {
  /** Where the cell has become asynchronous, whatever its text says. */
  asyncFrom?: number;
}

/** Ties the code of cells to the names of earlier ones, and to the kernel that runs it. */
export class CellLinker {
  private readonly functions: KnownFunctions;

  constructor(
    private readonly ts: TypeScript,
    private readonly workspace: Workspace,
    private readonly scope: Scope,
    private readonly elements: Elements,
  ) {
    this.functions = new KnownFunctions(ts);
  }

  /**
   * Has a cell's text read names late and find its way about in the kernel.
   * @returns what must stand in front of it, and the names that it uses
   */
  link(
    placed: CheckedText,
    edits: Edits,
    options: LinkOptions,
  ): { header: string; inputs: Input[] } {
    const { ts, scope, functions, workspace, elements } = this;
    const { topLevel, parsed, start, text } = placed;
    const program = workspace.program();
    const file = program.getSourceFile(placed.file) as ts.SourceFile;
    const part = { file, start, end: text.length };
    const toOriginal = (offset: number) => placed.toOriginal(offset);
    const checker = program.getTypeChecker();
    const mentions = findMentions(ts, checker, part);
    functions.add(file, mentions, topLevel.declarations.keys());
    const loops = options.debugging
      ? []
      : findHotLoops(ts, file, {
          mentions,
          isVariable: (name) =>
            (topLevel.declarations.get(name) ?? scope.find(name))?.mutable === true,
          isSeen: (name) => functions.isSeen(name),
          isBrief: (name) => functions.isBrief(name),
        });
    const flagged = new Set(
      loops.flatMap((hot) => hot.loops.map((loop) => toOriginal(loop.getStart()))),
    );
    for (const loop of loops) {
      copyVariables(ts, loop, edits, toOriginal, options.flagRead);
    }
    instrument(ts, parsed, edits, {
      ...options,
      isFlagged: (start) => flagged.has(start),
      isFunction: (name) => functions.has(name),
    });
    const copied = new Set(loops.flatMap((loop) => [...loop.mentions]));
    const late = lateMentions(mentions).filter((mention) => !copied.has(mention));
    linkLate(ts, late, edits, toOriginal);
    const factories = elements
      .namesIn(parsed)
      .filter((name) => topLevel.declarations.get(name)?.imported ?? scope.find(name));
    const placedNames = [
      ...late.map(({ name }) => name),
      ...factories,
      ...loops.flatMap((loop) => [...loop.copied.keys(), ...loop.called]),
    ];
    return {
      header: cellHeader(placedNames, topLevel, scope.mergedNames(topLevel), factories),
      inputs: readInputs(checker, mentions, typesUsed(ts, checker, part)).filter(
        ({ name }) => !scope.find(name)?.result,
      ),
    };
  }
}
