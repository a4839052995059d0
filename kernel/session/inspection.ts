import type ts from "typescript";
import type { CheckedText } from "./compiler";
import type { TypeScript } from "./typescript";

/** What is known about a name or a call. */
export interface Inspection {
  /** Its declaration or signatures, as TypeScript. */
  code: string;
  /** Its doc comment, tags included. */
  documentation: string;
}

/**
 * What the language service knows about the name at an offset or, within the parentheses of a call,
 * about the function that is being called.
 */
export function inspectAt(
  ts: TypeScript,
  service: ts.LanguageService,
  placed: CheckedText,
  code: string,
  offset: number,
): Inspection | undefined {
  const position = placed.toEdited(offset);
  const afterWord = /[\w$]$/.test(code.slice(0, offset));
  const beforeWord = /^[\w$]/.test(code.slice(offset));
  if (beforeWord || afterWord) {
    const info = service.getQuickInfoAtPosition(placed.file, beforeWord ? position : position - 1);
    // About a name that is declared nowhere it says `any`, of no kind.
    if (info && info.kind !== ts.ScriptElementKind.unknown) {
      return {
        code: withoutAlias(ts.displayPartsToString(info.displayParts)),
        documentation: document(ts, info.documentation, info.tags),
      };
    }
  }
  return inspectCall(ts, service.getSignatureHelpItems(placed.file, position, {}));
}

function inspectCall(
  ts: TypeScript,
  help: ts.SignatureHelpItems | undefined,
): Inspection | undefined {
  if (!help) {
    return undefined;
  }
  const text = (parts: ts.SymbolDisplayPart[]) => ts.displayPartsToString(parts);
  const selected = help.items[help.selectedItemIndex] ?? help.items[0];
  const parameters = selected.parameters
    .filter(({ documentation }) => documentation.length > 0)
    .map(({ name, documentation }) => `@param ${name} ${text(documentation)}`);
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
    documentation: [
      document(
        ts,
        selected.documentation,
        selected.tags.filter(({ name }) => name !== "param"),
      ),
      ...parameters,
    ]
      .filter((part) => part !== "")
      .join("\n"),
  };
}

function document(
  ts: TypeScript,
  documentation: ts.SymbolDisplayPart[] | undefined,
  tags: ts.JSDocTagInfo[] | undefined,
): string {
  const lines = (tags ?? []).map(({ name, text }) =>
    `@${name} ${ts.displayPartsToString(text)}`.trimEnd(),
  );
  return [ts.displayPartsToString(documentation), lines.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** A name of an earlier cell is an import to the checker, but not to its user. */
function withoutAlias(text: string): string {
  return /^\(alias\) /.test(text)
    ? text.replace(/^\(alias\) /, "").replace(/\nimport \S+$/, "")
    : text;
}
