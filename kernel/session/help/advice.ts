import type ts from "typescript";
import { type CellDiagnostic, MISSING_MODULE_CODES } from "../compile/diagnostics";
import { containsElements } from "../compile/elements";
import { type Installation, namedOtherwise } from "../compile/installation";
import { adviceForMagic } from "../compile/magics";
import { syntaxErrors } from "../compile/parse";
import type { TypeScript } from "../host";

/**
 * Says in a sentence what to do instead, where what is wrong in a cell is that it was not written as
 * TypeScript: lines for a shell, commands of IPython, addresses, an object alone, JSX; and how to
 * install a package that is missing. Other findings stay as they are.
 *
 * @param name the cell's, as in its findings
 * @param installation how to install what is missing
 * @param elements may cells have JSX in them?
 */
export function withAdvice(
  ts: TypeScript,
  code: string,
  name: string,
  findings: CellDiagnostic[],
  installation: Installation,
  elements: boolean,
): CellDiagnostic[] {
  const [first] = findings;
  const own = findings.filter(({ file }) => file === name);
  const whole = own.length > 0 ? adviceForCell(ts, code, elements) : undefined;
  if (whole !== undefined) {
    return [{ ...first, message: whole }];
  }
  const lines = code.split(/\r\n|\r|\n/);
  const advised = new Set<number>();
  return findings.flatMap((found) => {
    const finding = withInstallation(found, installation);
    const text = lines[finding.line - 1] ?? "";
    const advice =
      finding.file === name ? adviceForLine(text, finding.code < FIRST_SEMANTIC) : undefined;
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

function adviceForCell(ts: TypeScript, code: string, elements: boolean): string | undefined {
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
  if (!elements && syntaxErrors(parse(ts, code)).length > 0 && hasElements(ts, code)) {
    return (
      "Cells are TypeScript without JSX: show HTML with " +
      'display({ "text/html": "<b>hi</b>" }), or set "jsx" in tsconfig.json and restart the kernel.'
    );
  }
  return undefined;
}

/** Programs whose command lines people paste. */
const PROGRAMS =
  /^(?:(?:npm|npx|yarn|pnpm|bun|deno|node|tsc|pip3?|conda|python3?|git|curl|wget|sudo|apt(?:-get)?|brew|cd|ls|pwd|mkdir|rm|cp|mv|cat|echo|which|source|docker|jupyter)(?=\s+(?!(?:[-+*/%&|<>^!]+|in|instanceof|as|satisfies)\s)[^\s=(.,;:?]|$)|export\s+[A-Za-z_]\w*=)/;

/** Codes below this one are about syntax. */
const FIRST_SEMANTIC = 2000;

/** @param unread is the line not even TypeScript by its form? */
function adviceForLine(line: string, unread: boolean): string | undefined {
  const text = line.trim();
  const [, module] = /["']((?:npm|jsr|node_modules|https?):[^"']+)["']/.exec(text) ?? [];
  if (/^(?:npm|jsr):/.test(module ?? text)) {
    const [specifier] = (module ?? text).split(/\s/);
    return namedOtherwise(specifier);
  }
  if (module?.startsWith("http") && /\b(?:import|from)\b/.test(text)) {
    return (
      `Modules are not loaded from addresses such as ${module}: install the package with npm ` +
      "and import it by its name."
    );
  }
  const [, magic] = /^(%{1,2}[A-Za-z_]\w*)/.exec(text) ?? [];
  if (magic && unread) {
    return `${magic} is a command of IPython, and a cell is TypeScript. ${adviceForMagic(magic.replace(/^%+/, ""))}`;
  }
  const command = text.replace(/^(?:[!$]|!!)\s*(?=[\w./~])/, "");
  if (/^!{1,2}\s*[\w./~-]+/.test(text) && !/[;)}]\s*$/.test(text)) {
    return (
      `A line for the shell begins with its exclamation mark, ${JSON.stringify(`!${command}`)}, and ` +
      "stands between two statements of the cell. Elsewhere commands are run by code: " +
      `import { execSync } from "node:child_process"; ` +
      `execSync(${JSON.stringify(command)}, { stdio: "inherit" });`
    );
  }
  const [, folder] = CHANGE_FOLDER.exec(command) ?? [];
  if (folder !== undefined) {
    return `The folder is changed by code: process.chdir(${JSON.stringify(folder)}).`;
  }
  return PROGRAMS.test(command)
    ? `A line for the shell begins with an exclamation mark: !${command}`
    : undefined;
}

/** `cd data`, with nothing behind it. */
const CHANGE_FOLDER = /^cd\s+([^\s;&|"'$]+)$/;

/** "This JSX tag requires the module path 'react/jsx-runtime' to exist". */
const MISSING_JSX = 2875;

/** Adds to what says that a package is missing how to install it. */
function withInstallation(finding: CellDiagnostic, installation: Installation): CellDiagnostic {
  const [, specifier] =
    /(?:^Cannot find module|the module path) '([^']+)'/.exec(finding.message) ?? [];
  const advice =
    (MISSING_MODULE_CODES.has(finding.code) || finding.code === MISSING_JSX) && specifier
      ? installation.adviceFor(specifier)
      : undefined;
  return advice ? { ...finding, message: `${finding.message}\n${advice}` } : finding;
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
  return syntaxErrors(file).length === 0 && containsElements(ts, file);
}

function parse(ts: TypeScript, code: string): ts.SourceFile {
  return ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
}
