import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";

interface Cell {
  cell_type: "code" | "markdown";
  id: string;
  source: string[] | string;
}

const folder = path.resolve(__dirname, "../../notebooks");
const lessons = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const sourceOf = ({ source }: Cell) => (Array.isArray(source) ? source.join("") : source);

/** The names that the statements of a cell declare, and those patterns among them that rename. */
function declaredIn(source: string) {
  const names: string[] = [];
  const renaming: ts.VariableDeclaration[] = [];
  const collect = (name: ts.BindingName) => {
    if (ts.isIdentifier(name)) {
      names.push(name.text);
    } else {
      name.elements.forEach((element) => {
        if (ts.isBindingElement(element)) {
          collect(element.name);
        }
      });
    }
  };
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) {
        const { name } = declaration;
        collect(name);
        if (ts.isObjectBindingPattern(name) && name.elements.some((each) => each.propertyName)) {
          renaming.push(declaration);
        }
      }
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      names.push(statement.name?.text ?? "");
    }
  }
  return { names, renaming };
}

/** Whether an expression speaks of one of some names. */
function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node)) {
    return names.has(node.text);
  }
  if (ts.isPropertyAccessExpression(node)) {
    return mentions(node.expression, names);
  }
  return ts.forEachChild(node, (child) => mentions(child, names) || undefined) ?? false;
}

/** Declarations that stock tslab cannot run: it then declares `exports` in the pattern, too. */
function renamedFromEarlier(sources: readonly string[]): string[] {
  const earlier = new Set<string>();
  return sources.flatMap((source) => {
    const { names, renaming } = declaredIn(source);
    const found = renaming.filter(
      ({ initializer }) => initializer && mentions(initializer, earlier),
    );
    names.forEach((name) => {
      earlier.add(name);
    });
    return found.map((declaration) => declaration.getText());
  });
}

test("what stock tslab cannot rename is found", () => {
  const cells = ["const pair = { a: 1, b: 2 };", "const { a: one } = pair;", "const { b } = pair;"];
  assert.deepEqual(renamedFromEarlier(cells), ["{ a: one } = pair"]);
  assert.deepEqual(renamedFromEarlier([cells.join("\n")]), []);
});

test("there are lessons", () => assert.ok(lessons.length > 0));

for (const lesson of lessons) {
  const text = fs.readFileSync(path.join(folder, lesson), "utf8");
  const { cells, metadata } = JSON.parse(text) as {
    cells: Cell[];
    metadata: { kernelspec?: { name: string } };
  };
  const code = cells.filter((cell) => cell.cell_type === "code");
  const prose = cells.filter((cell) => cell.cell_type === "markdown").map(sourceOf);

  test(`${lesson} opens on our kernel and is small enough for a code host`, () => {
    assert.equal(metadata.kernelspec?.name, "karenina");
    assert.ok(Buffer.byteLength(text) < 500_000);
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length, "cell ids are unique");
  });

  test(`${lesson} says what you will be able to do, ends with exercises and a summary`, () => {
    assert.match(prose[0], /^# .*After this lesson you can/s);
    assert.ok(prose.some((each) => each.startsWith("## Exercises")));
    assert.match(prose.at(-1)!, /^## Summary/);
  });

  test(`${lesson} has prose for every second cell at least, and no cell above 15 lines`, () => {
    for (const [index, cell] of cells.entries()) {
      if (cell.cell_type !== "code") {
        continue;
      }
      const lines = sourceOf(cell).trimEnd().split("\n");
      assert.ok(lines.length <= 15, `${lines.length} lines begin with ${lines[0]}`);
      assert.ok(index > 0, "a lesson begins with prose");
    }
    assert.ok(prose.length * 2 >= code.length, "prose is missing between cells");
  });

  test(`${lesson} shows a figure within its first five cells of code`, () => {
    assert.ok(code.slice(0, 5).some((cell) => /\bshow\(/.test(sourceOf(cell))));
  });
  test(`${lesson} takes no property under another name from what an earlier cell declared`, () => {
    assert.deepEqual(renamedFromEarlier(code.map(sourceOf)), []);
  });
}
