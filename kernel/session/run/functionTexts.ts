import type ts from "typescript";
import { RUNTIME_NAME } from "../compile/instrument";
import { placeOf } from "../compile/lateNames";
import type { TypeScript } from "../host";

/** A script that was made of the user's text. */
interface Script {
  javascript: string;
  original: string;
  file: string;
  /** Made when somebody asks for the text of one of its functions. */
  texts?: Map<string, string>;
}

/** What only code that was changed for running here contains: our own calls, and exported names. */
const CHANGED = new RegExp(`\\b${RUNTIME_NAME}\\b|\\b${placeOf("")}|\\bexports\\.|\\b\\w+_\\d+\\.`);

const native = Function.prototype.toString;

/**
 * The texts of functions as they would be if the user's TypeScript had only lost its types. People
 * send functions elsewhere as text, to workers, browsers and other processes, where neither the
 * kernel's runtime nor a cell's exports exist.
 */
export class FunctionTexts {
  private readonly scripts: Script[] = [];
  private readonly known = new WeakMap<object, string>();

  constructor(
    private readonly ts: TypeScript,
    private readonly options: ts.CompilerOptions,
  ) {}

  /** Makes a script known that is about to run. */
  add(file: string, javascript: string, original: string): void {
    this.scripts.push({ file, javascript, original });
  }

  /** Has `toString` of all functions of this thread give those texts. */
  install(): void {
    const textOf = (value: object, text: string) => this.textOf(value, text);
    const replacement = {
      toString(this: unknown): string {
        // Throws where `this` is no function.
        const text = Reflect.apply(native, this, []) as string;
        return this === replacement || CHANGED.test(text) ? textOf(this as object, text) : text;
      },
    }.toString;
    this.known.set(replacement, native.call(native));
    Object.defineProperty(Function.prototype, "toString", { value: replacement });
  }

  private textOf(value: object, running: string): string {
    const known = this.known.get(value);
    if (known !== undefined) {
      return known;
    }
    // Of several the last: a cell that is run again is most likely meant.
    const script = this.scripts.findLast(({ javascript }) => javascript.includes(running));
    const text = (script && this.textsIn(script).get(running)) ?? running;
    this.known.set(value, text);
    return text;
  }

  /** From the texts of a script's functions and classes to those without our changes. */
  private textsIn(script: Script): Map<string, string> {
    script.texts ??= this.compare(script);
    return script.texts;
  }

  private compare({ file, javascript, original }: Script): Map<string, string> {
    const { outputText } = this.ts.transpileModule(original, {
      fileName: file,
      compilerOptions: {
        ...this.options,
        module: this.ts.ModuleKind.ESNext,
        sourceMap: false,
      },
    });
    // The same functions in the same order. Helpers of the CommonJS form come before them.
    const running = functionsIn(this.ts, javascript).reverse();
    const plain = functionsIn(this.ts, outputText).reverse();
    return new Map(running.slice(0, plain.length).map((text, index) => [text, plain[index]]));
  }
}

/** The texts of all functions and classes, as V8 gives them, in the order of their beginnings. */
function functionsIn(ts: TypeScript, code: string): string[] {
  const file = ts.createSourceFile("script.js", code, ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isClassLike(node) || (ts.isFunctionLike(node) && "body" in node)) {
      const first = ts.canHaveModifiers(node)
        ? ts
            .getModifiers(node)
            ?.find(({ kind }) => !OUTSIDE.some((name) => kind === ts.SyntaxKind[name]))
        : undefined;
      const name = ts.isMethodDeclaration(node) ? (node.asteriskToken ?? node.name) : undefined;
      const start = (first ?? name ?? beginning(ts, node)).getStart(file);
      texts.push(code.slice(start, node.end));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

/** Modifiers that are not part of a function's text. */
const OUTSIDE = ["StaticKeyword", "ExportKeyword", "DefaultKeyword"] as const;

/** The first token behind the modifiers. */
function beginning(ts: TypeScript, node: ts.Node): ts.Node {
  const last = ts.canHaveModifiers(node) ? ts.getModifiers(node)?.at(-1) : undefined;
  return (last && node.getChildren().find((child) => child.pos >= last.end)) ?? node;
}
