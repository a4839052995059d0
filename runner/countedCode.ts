import ts from "typescript";

/** An assertion as a cell's code states it. */
export interface Assertion {
  /** The cell's place among all cells, from 1. */
  cell: number;
  /** The line in the cell where it begins, from 1. */
  line: number;
  /** Its source on one line. */
  text: string;
}

/** A cell whose assertions are to be found. */
interface Source {
  number: number;
  code: string;
  /** Whether it holds the solutions of exercises: there the checks of exercises are assertions, too. */
  solution: boolean;
}

/** Where the code that is run reports to; see record-assertions.cjs. */
const RECORDER = 'Reflect.get(process, Symbol.for("karenina.assertions"))';

const MODULE = /^(node:)?assert(\/strict)?$/;

/** They take a function or a promise, then what is to be thrown, or a message. */
const THROWING = /^(throws|rejects|doesNotThrow|doesNotReject)$/;

/** How many arguments a function of node:assert has before its message; two where it is not here. */
const BEFORE_MESSAGE: Record<string, number> = { fail: 0, ok: 1, ifError: 1 };

/**
 * Makes a notebook's code tell which of its assertions holds. Found are calls of node:assert and, in
 * the cells of solutions, statements `check.name(answer)`.
 *
 * What is inserted stands on the lines that are there, and leaves to the checker what an assertion
 * says about types: `assert.ok(x, "why")` becomes `assert.ok(x, at(7, "why"))`: only a plain name may be
 * called where types are to be narrowed. Code that cannot be parsed stays as it is.
 *
 * @returns the assertions in order, and each cell's code to be run.
 */
export function countAssertions(cells: readonly Source[]): {
  assertions: Assertion[];
  codes: string[];
} {
  const assertions: Assertion[] = [];
  const names: Names = { modules: new Set(), functions: new Map() };
  const codes = cells.map(({ number, code, solution }) => {
    const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
    const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
    if (parseDiagnostics.length > 0) {
      return code;
    }
    const edits: Edit[] = [];
    const found = (node: ts.Node): number => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      const text = node.getText().replace(/\s+/g, " ");
      return assertions.push({ cell: number, line: line + 1, text }) - 1;
    };
    const visit = (node: ts.Node): void => {
      collectNames(node, names);
      if (ts.isCallExpression(node)) {
        const name = assertionName(node, names);
        if (name !== undefined) {
          const id = found(node);
          if (isModule(node.expression, names)) {
            // `assert(x)` is no function of a module, which could be replaced; `assert.ok(x)` is.
            edits.push({ at: node.expression.end, text: ".ok" });
          }
          edits.push(...markCall(node, name, id));
        }
      } else if (solution && ts.isExpressionStatement(node) && isCheck(node.expression)) {
        edits.push(...guardCheck(node, found(node.expression)));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return apply(code, edits);
  });
  return { assertions, codes };
}

/** What the cells so far have imported. */
interface Names {
  /** Names of the module: `assert` in `import assert from "node:assert/strict"`. */
  modules: Set<string>;
  /** Names of its functions, and what the module calls them. */
  functions: Map<string, string>;
}

function collectNames(node: ts.Node, { modules, functions }: Names): void {
  const take = (local: string, imported: string) => {
    if (/^(default|strict|assert)$/.test(imported)) {
      modules.add(local);
    } else {
      functions.set(local, imported);
    }
  };
  if (ts.isImportDeclaration(node) && isModuleName(node.moduleSpecifier)) {
    const { name, namedBindings } = node.importClause ?? {};
    if (name) {
      modules.add(name.text);
    }
    if (namedBindings && ts.isNamespaceImport(namedBindings)) {
      modules.add(namedBindings.name.text);
    } else {
      for (const { name, propertyName } of namedBindings?.elements ?? []) {
        take(name.text, (propertyName ?? name).text);
      }
    }
  } else if (ts.isVariableDeclaration(node) && isRequired(node.initializer)) {
    if (ts.isIdentifier(node.name)) {
      modules.add(node.name.text);
    } else if (ts.isObjectBindingPattern(node.name)) {
      for (const { name, propertyName } of node.name.elements) {
        if (ts.isIdentifier(name)) {
          take(name.text, (propertyName ?? name).getText());
        }
      }
    }
  } else if (ts.isImportEqualsDeclaration(node)) {
    const { moduleReference } = node;
    if (ts.isExternalModuleReference(moduleReference) && isModuleName(moduleReference.expression)) {
      modules.add(node.name.text);
    }
  }
}

function isModuleName(node: ts.Node): boolean {
  return ts.isStringLiteral(node) && MODULE.test(node.text);
}

/** `require("node:assert")`, `.strict` behind it or not. */
function isRequired(node: ts.Expression | undefined): boolean {
  if (node && ts.isPropertyAccessExpression(node) && node.name.text === "strict") {
    return isRequired(node.expression);
  }
  return (
    node !== undefined &&
    ts.isCallExpression(node) &&
    node.expression.getText() === "require" &&
    node.arguments.some(isModuleName)
  );
}

/** What node:assert calls the function that is called here; undefined where it is none of its own. */
function assertionName({ expression }: ts.CallExpression, names: Names): string | undefined {
  if (isModule(expression, names)) {
    return "ok";
  }
  if (ts.isIdentifier(expression)) {
    return names.functions.get(expression.text);
  }
  return ts.isPropertyAccessExpression(expression) && isModule(expression.expression, names)
    ? expression.name.text
    : undefined;
}

function isModule(node: ts.Expression, names: Names): boolean {
  return ts.isIdentifier(node)
    ? names.modules.has(node.text)
    : ts.isPropertyAccessExpression(node) &&
        /^(strict|default)$/.test(node.name.text) &&
        isModule(node.expression, names);
}

function isCheck(expression: ts.Expression): boolean {
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.expression.getText() === "check"
  );
}

interface Edit {
  at: number;
  text: string;
}

/** What is evaluated just before the call says which assertion is called. */
function markCall(call: ts.CallExpression, name: string, id: number): Edit[] {
  const given = call.arguments;
  const afterMessage = given.length > (BEFORE_MESSAGE[name] ?? 2);
  const spread = given.some(ts.isSpreadElement);
  if (!THROWING.test(name) && name !== "ifError" && !afterMessage && !spread) {
    // A place for a message that the assertion never sees.
    const place = `${RECORDER}.here(${id})`;
    const last = given.at(-1);
    return [{ at: last?.end ?? call.end - 1, text: last ? `, ${place}` : place }];
  }
  // Of those that take an error, too, the checker would take an additional argument for another overload.
  const argument = THROWING.test(name) ? given[0] : given.at(-1);
  if (!argument) {
    return [];
  }
  const marked = ts.isSpreadElement(argument) ? argument.expression : argument;
  return [
    { at: marked.getStart(), text: `${RECORDER}.at(${id}, ` },
    { at: marked.end, text: ")" },
  ];
}

function guardCheck(statement: ts.ExpressionStatement, id: number): Edit[] {
  return [
    { at: statement.getStart(), text: "try { " },
    {
      at: statement.end,
      text: `${statement.getText().endsWith(";") ? "" : ";"} ${RECORDER}.held(${id}); } catch (error) { ${RECORDER}.failed(${id}, error); }`,
    },
  ];
}

/** Edits at one place keep their order. */
function apply(code: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let end = 0;
  for (const { at, text } of [...edits].sort((a, b) => a.at - b.at)) {
    pieces.push(code.slice(end, at), text);
    end = at;
  }
  return [...pieces, code.slice(end)].join("");
}
