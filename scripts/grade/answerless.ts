// Takes the answers out of the text of a module of exercises.
import ts from "typescript";

/** What of an exercise's definition tells its answer. */
const TELLING = new Set([
  "answer",
  "alternatives",
  "right",
  "mistakes",
  "nudge",
  "hint",
  "because",
]);

/** The names of the exercises that a module exports. */
export function exercisesIn(text: string): string[] {
  return [...text.matchAll(/^export const (\w+) = exercise\b/gm)].map(([, name]) => name);
}

/**
 * A module of exercises without what tells their answers, and without what only that was made of.
 *
 * @param keeps the exercise that keeps its answer. Default: none does
 */
export function withoutAnswers(text: string, keeps?: string): string {
  const source = parse(text);
  const cuts = definitionsIn(source).flatMap(({ name, definition }) =>
    definition.properties.flatMap((property): Cut[] => {
      const key = property.name?.getText(source) ?? "";
      if (!TELLING.has(key) || (key === "answer" && name === keeps)) {
        return [];
      }
      // With the comma behind it.
      const rest = /^\s*,/.exec(text.slice(property.end))?.[0].length ?? 0;
      return [[property.getFullStart(), property.end + rest]];
    }),
  );
  return withoutUnused(cut(text, cuts));
}

/**
 * A module of exercises of which only the types are left: `exercise<A>({ ... })` becomes
 * `exercise<A>(null as never)`, which a compiler is done with in no time.
 */
export function typesAlone(text: string): string {
  const cuts = definitionsIn(parse(text)).map(
    ({ definition }): Cut => [definition.getStart(), definition.end, "null as never"],
  );
  return withoutUnused(cut(text, cuts));
}

/** The exercises that a module defines. */
function definitionsIn(
  source: ts.SourceFile,
): { name: string; definition: ts.ObjectLiteralExpression }[] {
  const found: { name: string; definition: ts.ObjectLiteralExpression }[] = [];
  const visit = (node: ts.Node, exercise: string): void => {
    const name = ts.isVariableDeclaration(node) ? node.name.getText(source) : exercise;
    if (ts.isCallExpression(node) && node.expression.getText(source) === "exercise") {
      const [definition] = node.arguments;
      if (!definition || !ts.isObjectLiteralExpression(definition)) {
        throw new Error(
          `The exercise ${name} is not defined by an object: its answer can't be cut out.`,
        );
      }
      found.push({ name, definition });
      return;
    }
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, "");
  return found;
}

/** Takes out imports and declarations of a module that nothing in it uses, until all are used. */
function withoutUnused(text: string): string {
  const source = parse(text);
  const uses = new Map<string, number>();
  const count = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    }
    ts.forEachChild(node, count);
  };
  count(source);
  const unused = source.statements.filter((statement) => {
    const own = declaredBy(statement);
    // Its own name counts once; a function that calls itself is used by nobody else.
    const inside = (name: string) => occurrences(statement, name);
    return own.length > 0 && own.every((name) => uses.get(name) === inside(name));
  });
  if (unused.length === 0) {
    return text;
  }
  return withoutUnused(
    cut(
      text,
      unused.map((each): Cut => [each.getFullStart(), each.end]),
    ),
  );
}

/** The names that a statement declares for its module alone. */
function declaredBy(statement: ts.Statement): string[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (isExported) {
    return [];
  }
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const named =
      namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : undefined;
    const names = [name, ...(named ?? []).map((each) => each.name)];
    return names.flatMap((each) => (each ? [each.text] : []));
  }
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as unknown as { name?: ts.Identifier };
  return name ? [name.text] : [];
}

function occurrences(node: ts.Node, name: string): number {
  let found = ts.isIdentifier(node) && node.text === name ? 1 : 0;
  ts.forEachChild(node, (child) => {
    found += occurrences(child, name);
  });
  return found;
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("exercises.ts", text, ts.ScriptTarget.Latest, true);
}

/** What is taken out of a text, by offsets, and what comes into its place. */
type Cut = [begin: number, end: number, instead?: string];

function cut(text: string, cuts: readonly Cut[]): string {
  return [...cuts]
    .sort(([a], [b]) => b - a)
    .reduce(
      (rest, [begin, end, instead = ""]) => rest.slice(0, begin) + instead + rest.slice(end),
      text,
    );
}
