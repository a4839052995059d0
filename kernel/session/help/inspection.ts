import type ts from "typescript";
import type { CheckedText } from "../compile/checker";
import type { Workspace } from "../compile/workspace";
import type { TypeScript } from "../host";
import { type DocComment, documentationText, textOf } from "./documentation";
import { calleeAround, declaringFiles, nodeAt, signaturesOf } from "./lookup";

/** What is known about a name or a call. */
export interface Inspection {
  /** Its declaration or signatures, as TypeScript. */
  code: string;
  /** Its doc comment, as Markdown. */
  documentation: string;
}

/**
 * What the language service knows about the name at an offset or, within the parentheses of a call,
 * about the function that is being called.
 */
export function inspectAt(
  ts: TypeScript,
  workspace: Workspace,
  placed: CheckedText,
  code: string,
  offset: number,
): Inspection | undefined {
  const position = placed.toEdited(offset);
  const afterWord = /[\w$]$/.test(code.slice(0, offset));
  const beforeWord = /^[\w$]/.test(code.slice(offset));
  if (beforeWord || afterWord) {
    const at = beforeWord ? position : position - 1;
    const found = inspectName(ts, workspace, placed.file, at);
    if (found) {
      return found;
    }
  }
  return inspectCall(ts, workspace, placed.file, position);
}

function inspectName(
  ts: TypeScript,
  workspace: Workspace,
  name: string,
  position: number,
): Inspection | undefined {
  readDocumentation(ts, workspace, name, (file) => nodeAt(ts, file, position));
  const info = workspace.service.getQuickInfoAtPosition(name, position);
  // About a name that is declared nowhere it says `any`, of no kind.
  if (!info || info.kind === ts.ScriptElementKind.unknown) {
    return undefined;
  }
  return {
    code: withoutAlias(ts.displayPartsToString(info.displayParts)),
    documentation:
      documentationText(info) ||
      documentationText(commentOfFunction(ts, workspace, name, position)),
  };
}

/** A constant that holds a function often leaves it to the function to say what it does. */
function commentOfFunction(
  ts: TypeScript,
  workspace: Workspace,
  name: string,
  position: number,
): DocComment {
  const program = workspace.program();
  const file = program.getSourceFile(name);
  const checker = program.getTypeChecker();
  const [signature] = file ? signaturesOf(ts, checker, nodeAt(ts, file, position)) : [];
  return {
    documentation: signature?.getDocumentationComment(checker),
    tags: signature?.getJsDocTags(),
  };
}

function inspectCall(
  ts: TypeScript,
  workspace: Workspace,
  name: string,
  position: number,
): Inspection | undefined {
  readDocumentation(ts, workspace, name, (file) => calleeAround(ts, file, position));
  const help = workspace.service.getSignatureHelpItems(name, position, {});
  if (!help) {
    return undefined;
  }
  const text = (parts: ts.SymbolDisplayPart[]) => ts.displayPartsToString(parts);
  const selected = help.items[help.selectedItemIndex] ?? help.items[0];
  const others = help.items.filter((item) => item !== selected);
  return {
    code: [selected, ...others]
      .map(
        (item) =>
          text(item.prefixDisplayParts) +
          item.parameters
            .map((parameter) => text(parameter.displayParts))
            .join(text(item.separatorDisplayParts)) +
          text(item.suffixDisplayParts),
      )
      .join("\n"),
    documentation: documentationText({
      ...selected,
      parameters: selected.parameters.map(({ name, documentation }) => ({
        name,
        text: textOf(documentation).trim().replace(/^-\s+/, ""),
      })),
    }),
  };
}

/** Sees to it that the doc comments of what is asked about are read. */
function readDocumentation(
  ts: TypeScript,
  workspace: Workspace,
  name: string,
  find: (file: ts.SourceFile) => ts.Node | undefined,
): void {
  const program = workspace.program();
  const file = program.getSourceFile(name);
  const node = file && find(file);
  if (node) {
    workspace.document(declaringFiles(ts, program.getTypeChecker(), node));
  }
}

/** A name of an earlier cell is an import to the checker, but not to its user. */
function withoutAlias(text: string): string {
  return /^\(alias\) /.test(text)
    ? text.replace(/^\(alias\) /, "").replace(/\nimport \S+$/, "")
    : text;
}
