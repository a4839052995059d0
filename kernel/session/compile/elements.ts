import type ts from "typescript";
import type { TypeScript } from "../host";
import { parseModule, syntaxErrors } from "./parse";

/** JSX in cells, which some TypeScript would be misread with: `<T>x`, `<T>(x: T) => x`. */
export class Elements {
  /** @param options the project's: without its `jsx` there are no elements */
  constructor(
    private readonly ts: TypeScript,
    private readonly options: ts.CompilerOptions,
  ) {}

  /** Does the project have JSX? */
  get allowed(): boolean {
    return this.options.jsx !== undefined && this.options.jsx !== this.ts.JsxEmit.None;
  }

  /** Parses a cell: as TypeScript alone where that can be, or else as TypeScript with elements. */
  parse(code: string): ts.SourceFile {
    const parsed = parseModule(this.ts, "cell.ts", code);
    const [error] = syntaxErrors(parsed);
    if (!error || !this.allowed) {
      return parsed;
    }
    const other = parseModule(this.ts, "cell.tsx", code);
    const [otherError] = syntaxErrors(other);
    // While a cell is being written both have errors: the right one is read further.
    const further = !otherError || otherError.start > error.start;
    return further && containsElements(this.ts, other) ? other : parsed;
  }

  /** Was a cell parsed as one with elements? */
  isIn(parsed: ts.SourceFile): boolean {
    return parsed.languageVariant === this.ts.LanguageVariant.JSX;
  }

  /** The names that the elements of a cell stand for, which its text does not mention. */
  namesIn(parsed: ts.SourceFile): string[] {
    const { jsx, jsxFactory, jsxFragmentFactory, reactNamespace = "React" } = this.options;
    if (!this.isIn(parsed)) {
      return [];
    }
    const { text } = parsed;
    const factory = /@jsx\s+([\w$.]+)/.exec(text)?.[1] ?? jsxFactory;
    if (jsx !== this.ts.JsxEmit.React && !factory) {
      return [];
    }
    const fragment = /@jsxFrag\s+([\w$.]+)/.exec(text)?.[1] ?? jsxFragmentFactory;
    return [factory ?? reactNamespace, fragment ?? reactNamespace].map(
      (name) => name.split(".")[0],
    );
  }

  /** The modules that emitted code takes what makes elements from, though no import names them. */
  runtimesIn(javascript: string, parsed: ts.SourceFile): string[] {
    const calls = this.isIn(parsed)
      ? javascript.matchAll(/\brequire\("([^"]+\/jsx(?:-dev)?-runtime)"\)/g)
      : [];
    return Array.from(calls, ([, specifier]) => specifier);
  }
}

/** Does a text that was parsed with elements have any? */
export function containsElements(ts: TypeScript, file: ts.SourceFile): boolean {
  const look = (node: ts.Node): boolean =>
    ts.isJsxElement(node) ||
    ts.isJsxSelfClosingElement(node) ||
    ts.isJsxFragment(node) ||
    (ts.forEachChild(node, look) ?? false);
  return look(file);
}

/** How code is emitted that a project leaves elements in, for its bundler: nobody is behind us. */
export function emittedJsx(
  ts: TypeScript,
  { jsx, jsxFactory }: ts.CompilerOptions,
): ts.JsxEmit | undefined {
  return jsx === ts.JsxEmit.Preserve || jsx === ts.JsxEmit.ReactNative
    ? jsxFactory
      ? ts.JsxEmit.React
      : ts.JsxEmit.ReactJSX
    : jsx;
}
