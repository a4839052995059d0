import type ts from "typescript";
import type { CellDiagnostic } from "../compile/diagnostics";
import { syntaxErrors } from "../compile/parse";
import type { TypeScript } from "../host";

/**
 * Says in a sentence what to do instead, where what is wrong in a cell is that it was not written as
 * TypeScript: lines for a shell, commands of IPython, addresses, an object alone, JSX. Other
 * findings stay as they are.
 *
 * @param name the cell's, as in its findings
 */
export function withAdvice(
  ts: TypeScript,
  code: string,
  name: string,
  findings: CellDiagnostic[],
): CellDiagnostic[] {
  const [first] = findings;
  const own = findings.filter(({ file }) => file === name);
  const whole = own.length > 0 ? adviceForCell(ts, code) : undefined;
  if (whole !== undefined) {
    return [{ ...first, message: whole }];
  }
  const lines = code.split(/\r\n|\r|\n/);
  const advised = new Set<number>();
  return findings.flatMap((finding) => {
    const text = lines[finding.line - 1] ?? "";
    const advice = finding.file === name ? adviceForLine(text) : undefined;
    if (advice === undefined) {
      return [finding];
    }
    if (advised.has(finding.line)) {
      return [];
    }
    advised.add(finding.line);
    return [{ ...finding, message: advice }];
  });
}

function adviceForCell(ts: TypeScript, code: string): string | undefined {
  const text = code.trim();
  if (/^https?:\/\/\S+$/.test(text)) {
    return (
      "An address alone is not code: to read what is there, write " +
      `await (await fetch(${JSON.stringify(text)})).text()`
    );
  }
  if (/^\{/.test(text) && isObject(ts, text)) {
    return (
      "A cell that begins with { is a block of statements: put the object in parentheses, " +
      "({ ... }), or give it a name, const value = { ... }."
    );
  }
  if (syntaxErrors(parse(ts, code)).length > 0 && hasElements(ts, code)) {
    return (
      "Cells are TypeScript without JSX: show HTML with " +
      'display({ "text/html": "<b>hi</b>" }), or put the component into a .tsx file and import it.'
    );
  }
  return undefined;
}

/** Programs whose command lines people paste. */
const PROGRAMS =
  /^(?:npm|npx|yarn|pnpm|bun|deno|node|tsc|pip3?|conda|python3?|git|curl|wget|sudo|apt(?:-get)?|brew|cd|ls|pwd|mkdir|rm|cp|mv|cat|echo|which|export|source|docker|jupyter)(?=\s+[^\s=(.,;:?]|$)/;

function adviceForLine(line: string): string | undefined {
  const text = line.trim();
  const [, module] = /["']((?:npm|jsr|node_modules|https?):[^"']+)["']/.exec(text) ?? [];
  if (/^(?:npm|jsr):/.test(module ?? text)) {
    const [specifier] = (module ?? text).split(/\s/);
    const found = packageName(specifier.replace(/^(?:npm|jsr):\/?/, ""));
    return (
      `Packages are imported by their names alone, not as ${specifier}: install it ` +
      `(npm install ${found}) and write import ... from ${JSON.stringify(found)}.`
    );
  }
  if (module?.startsWith("http") && /\b(?:import|from)\b/.test(text)) {
    return (
      `Modules are not loaded from addresses such as ${module}: install the package with npm ` +
      "and import it by its name."
    );
  }
  const [, magic] = /^(%{1,2}[A-Za-z_]\w*)/.exec(text) ?? [];
  if (magic) {
    return (
      `There are no commands such as ${magic} here, since a cell is TypeScript: do it in code, as ` +
      'with console.time("label") for %time, process.chdir("folder") for %cd, process.env for %env.'
    );
  }
  const command = text.replace(/^(?:[!$]|!!)\s*(?=[\w./~])/, "");
  if (PROGRAMS.test(command) || (/^!{1,2}\s*[\w./~-]+/.test(text) && !/[;)}]\s*$/.test(text))) {
    const call = `execSync(${JSON.stringify(command)}, { stdio: "inherit" })`;
    const installs = /^(?:npm|yarn|pnpm|bun)\s+(?:i|install|add)\b/.test(command);
    return (
      (installs
        ? "Packages are installed in a terminal, in the folder of the notebook, or by code: "
        : "A cell is TypeScript, so commands are run by code: ") +
      `import { execSync } from "node:child_process"; ${call};`
    );
  }
  return undefined;
}

/** `zod` of `zod@3/v4`, `@scope/name` of `@scope/name@1`. */
function packageName(specifier: string): string {
  return /^(?:@[^/@]+\/)?[^/@]+/.exec(specifier)?.[0] ?? specifier;
}

function isObject(ts: TypeScript, text: string): boolean {
  const file = parse(ts, `(${text.replace(/;\s*$/, "")}\n)`);
  const [statement] = file.statements;
  return (
    syntaxErrors(file).length === 0 &&
    file.statements.length === 1 &&
    ts.isExpressionStatement(statement) &&
    ts.isParenthesizedExpression(statement.expression) &&
    ts.isObjectLiteralExpression(statement.expression.expression)
  );
}

function hasElements(ts: TypeScript, code: string): boolean {
  const file = ts.createSourceFile(
    "cell.tsx",
    code,
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const look = (node: ts.Node): boolean =>
    ts.isJsxElement(node) ||
    ts.isJsxSelfClosingElement(node) ||
    ts.isJsxFragment(node) ||
    (ts.forEachChild(node, look) ?? false);
  return syntaxErrors(file).length === 0 && look(file);
}

function parse(ts: TypeScript, code: string): ts.SourceFile {
  return ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
}
