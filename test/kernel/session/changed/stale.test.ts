// Which cells no longer fit after a change, which are stale, and what running them again does.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Session } from "../../../../kernel/index";
import { projectFolder } from "../folder";

const SEED = Number(process.env.KARENINA_SEED ?? 7);

/** A session whose cells have ids, as JupyterLab gives them. */
class Notebook {
  readonly session = new Session({ folder: projectFolder() });
  /** What the last run of each cell showed. */
  readonly shown = new Map<string, unknown>();
  private readonly ids = new Map<string, string>();

  /** @returns the lines about cells that no longer fit */
  async run(id: string, code: string): Promise<string[]> {
    const name = `cell-${this.ids.size + 1}`;
    this.ids.set(name, id);
    const cell = this.session.compile(code, `${name}.ts`, { id });
    const { value } = await this.session.run(cell);
    this.shown.set(id, value);
    return this.session.misfits(cell);
  }

  stale(): string[] {
    return this.session.stale().map(({ name, because }) => `${name}: ${because}`);
  }

  staleIds(): (string | undefined)[] {
    return this.session.stale().map(({ name }) => this.ids.get(name));
  }
}

test("a cell that no longer fits is named, with its type, the error and the place", async () => {
  const notebook = new Notebook();
  await notebook.run("a", "const helper = (x: number) => x + 1;");
  await notebook.run("b", "// uses it\nhelper(2)");
  await notebook.run("c", "const unrelated = (helper: string) => ({ helper }).helper;");
  const lines = await notebook.run("a", "const helper = (x: string) => x;");
  assert.deepEqual(lines, [
    "cell-2 uses helper as (x: number) => number: TS2345 Argument of type 'number' is not " +
      "assignable to parameter of type 'string' (cell-2.ts:2:8). Mend it and run it again.",
  ]);
  assert.deepEqual(notebook.stale(), ["cell-2: helper"]);
  assert.deepEqual(await notebook.run("b", "helper('2')"), []);
  assert.deepEqual(notebook.stale(), []);
});

test("types count, and what still fits is not named", async () => {
  const notebook = new Notebook();
  await notebook.run("a", "interface Pair { a: number; b: number }\nconst one = 1;");
  await notebook.run("b", "const pair: Pair = { a: one, b: 2 };");
  await notebook.run("c", "const sum = () => one + 1;");
  const lines = await notebook.run("a", "interface Pair { a: number }\nconst one = 2;");
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^cell-2 uses (one as 1|Pair as a type): TS2353 .* \(cell-2\.ts:1:\d+\)/);
  assert.deepEqual(notebook.stale(), ["cell-2: one,Pair", "cell-3: one"]);
});

test("a name that another cell takes over is checked where functions use it", async () => {
  const notebook = new Notebook();
  await notebook.run("a", "const result = 1;");
  await notebook.run("b", "result.toFixed(1)");
  await notebook.run("c", "const fixed = () => result.toFixed(2);");
  const lines = await notebook.run("d", "const result = ['other'];\nconst more = 1;");
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^cell-3 uses result as 1: TS2339 /);
});

test("the same cell run again changes nothing that needs a check", async () => {
  const notebook = new Notebook();
  await notebook.run("a", "const n = 1;");
  await notebook.run("b", "const twice = () => n * 2;");
  assert.deepEqual(await notebook.run("a", "const n = 1;"), []);
  assert.deepEqual(notebook.stale(), ["cell-2: n"]);
});

test("stale cells run again behind those that they depend on", async () => {
  const notebook = new Notebook();
  await notebook.run("a", "const a = 1;");
  await notebook.run("b", "const b = a + 1;");
  await notebook.run("c", "const c = b + 1;");
  await notebook.run("b", "const b = a + 1;");
  await notebook.run("a", "const a = 10;");
  assert.deepEqual(notebook.stale(), ["cell-4: a", "cell-3: b"]);
  const order: string[] = [];
  await notebook.session.runStale(async (code, name, id) => {
    order.push(name);
    const { session } = notebook;
    await session.run(session.compile(code, name, { id }));
  });
  assert.deepEqual(order, ["cell-4.ts", "cell-3.ts"]);
  assert.deepEqual(notebook.stale(), []);
  await notebook.run("d", "c");
  assert.equal(notebook.shown.get("d"), 12);
});

/** Cells that each add up a number of their own and some of the cells above them. */
const sheet = fc
  .integer({ min: 3, max: 6 })
  .chain((size) =>
    fc.record({
      above: fc.tuple(
        ...Array.from({ length: size }, (_, row) =>
          fc.subarray(Array.from({ length: row }, (_, other) => other)),
        ),
      ),
      edits: fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 8 }),
    }),
  );

test("stale marks are those of the cells that a full run would change", async () => {
  await fc.assert(
    fc.asyncProperty(sheet, async ({ above, edits }) => {
      const notebook = new Notebook();
      const own = above.map(() => 1);
      const text = (row: number) =>
        `const v${row} = ${[own[row], ...above[row].map((other) => `v${other}`)].join(" + ")};\nv${row}`;
      for (const row of own.keys()) {
        await notebook.run(`c${row}`, text(row));
      }
      // Each edit makes its cell greater than ever, and so all that depend on it.
      for (const [step, row] of edits.entries()) {
        own[row] = 1000 * (step + 1);
        await notebook.run(`c${row}`, text(row));
      }
      const full: number[] = [];
      for (const [row, others] of above.entries()) {
        full.push(others.reduce((sum, other) => sum + full[other], own[row]));
      }
      const changed = [...own.keys()].filter((row) => notebook.shown.get(`c${row}`) !== full[row]);
      assert.deepEqual(
        notebook.staleIds().sort(),
        changed.map((row) => `c${row}`),
      );
      await notebook.session.runStale(async (code, name, id) => {
        const { session } = notebook;
        const { value } = await session.run(session.compile(code, name, { id }));
        notebook.shown.set(String(id), value);
      });
      assert.deepEqual(
        own.map((_, row) => notebook.shown.get(`c${row}`)),
        full,
      );
      assert.deepEqual(notebook.stale(), []);
    }),
    { seed: SEED, numRuns: 8 },
  );
});
