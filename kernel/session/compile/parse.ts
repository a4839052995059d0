import type ts from "typescript";
import type { TypeScript } from "./typescript";

/**
 * Parses a text as the module that it is run as, whether or not it imports or exports anything.
 * Otherwise `await (x)` at the top level would be the call of a function named `await`.
 */
export function parseModule(ts: TypeScript, file: string, text: string): ts.SourceFile {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.Latest,
    setExternalModuleIndicator: (parsed) => {
      (parsed as { externalModuleIndicator?: true }).externalModuleIndicator = true;
    },
  };
  return ts.createSourceFile(file, text, options, true);
}
