// Which cells no longer fit after a change, which are stale, and what running them again does.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Session } from "../../../../kernel/index";
import { projectFolder } from "../folder";

const SEED = Number(process.env.KARENINA_SEED ?? 7);

/** One for all: cells of different tests use different names, and leave none stale behind. */
const session = new Session({ folder: projectFolder() });
/** The cells' ids by the names of their runs. */
const ids = new Map<string, string>();
/** What the last run of each cell showed. */
const shown = new Map<string, unknown>();

/**
 * Runs a cell that has an id, as JupyterLab gives it.
 * @returns the lines about cells that no longer fit, in which cells are called by their ids
 */
async function run(id: string, code: string): Promise<string[]> {
  const name = `cell-${ids.size + 1}`;
  ids.set(name, id);
  const cell = session.compile(code, `${name}.ts`, { id });
  const { value } = await session.run(cell);
  shown.set(id, value);
  return session
    .misfits(cell)
    .map((line) => line.replace(/cell-\d+/g, (name) => `<${ids.get(name)}>`));
}

function stale(): string[] {
  return session.stale().map(({ name, because }) => `${ids.get(name)}: ${because}`);
}

async function runStale(): Promise<string[]> {
  const order: string[] = [];
  await session.runStale(async (code, _name, id = "") => {
    order.push(id);
    await run(id, code);
  });
  return order;
}

test("a cell that no longer fits is named, with its type, the error and the place", async () => {
  await run("helper", "const helper = (x: number) => x + 1;");
  await run("call", "// uses it\nhelper(2)");
  await run("other", "const unrelated = (helper: string) => ({ helper }).helper;");
  assert.deepEqual(await run("helper", "const helper = (x: string) => x;"), [
    "<call> uses helper as (x: number) => number: TS2345 Argument of type 'number' is not " +
      "assignable to parameter of type 'string' (<call>.ts:2:8). Mend it and run it again.",
  ]);
  assert.deepEqual(stale(), ["call: helper"]);
  assert.deepEqual(await run("call", "helper('2')"), []);
  assert.deepEqual(stale(), []);
});

test("types count, and what still fits is not named", async () => {
  await run("types", "interface Pair { a: number; b: number }\nconst one = 1;");
  await run("pair", "const pair: Pair = { a: one, b: 2 };");
  await run("sum", "const sum = () => one + 1;");
  const lines = await run("types", "interface Pair { a: number }\nconst one = 2;");
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^<pair> uses (one as 1|Pair as a type): TS2353 .* \(<pair>\.ts:1:\d+\)/);
  assert.deepEqual(stale(), ["pair: one,Pair", "sum: one"]);
  await run("pair", "const pair: Pair = { a: one };");
  assert.deepEqual(await runStale(), ["sum"]);
  assert.deepEqual(stale(), []);
});

test("a name that another cell takes over is checked where functions use it", async () => {
  await run("result", "const result = 1;");
  await run("shows", "result.toFixed(1)");
  await run("fixes", "const fixed = () => result.toFixed(2);");
  const lines = await run("taker", "const result = ['other'];\nconst more = 1;");
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^<fixes> uses result as 1: TS2339 /);
  assert.deepEqual(stale(), ["shows: result", "fixes: result"]);
  await run("shows", "result.length");
  await run("fixes", "const fixed = () => result.join();");
});

test("the same cell run again leaves nothing to check", async () => {
  await run("n", "const n = 1;");
  await run("twice", "const twice = () => n * 2;");
  assert.deepEqual(await run("n", "const n = 1;"), []);
  assert.deepEqual(stale(), ["twice: n"]);
  assert.deepEqual(await runStale(), ["twice"]);
});

test("stale cells run again behind those that they depend on", async () => {
  await run("a", "const a = 1;");
  await run("b", "const b = a + 1;");
  await run("c", "const c = b + 1;");
  await run("b", "const b = a + 1;");
  await run("a", "const a = 10;");
  assert.deepEqual(await runStale(), ["b", "c"]);
  assert.deepEqual(stale(), []);
  await run("d", "c");
  assert.equal(shown.get("d"), 12);
});

/** Cells that each add up a number of their own and some of the cells above them. */
const sheet = fc.integer({ min: 3, max: 6 }).chain((size) =>
  fc.record({
    above: fc.tuple(
      ...Array.from({ length: size }, (_, row) =>
        fc.subarray(Array.from({ length: row }, (_, other) => other)),
      ),
    ),
    edits: fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 8 }),
  }),
);

let sheets = 0;

test("stale marks are those of the cells that a full run would change", async () => {
  await fc.assert(
    fc.asyncProperty(sheet, async ({ above, edits }) => {
      const prefix = `s${++sheets}_`;
      const own = above.map(() => 1);
      const rows = [...own.keys()];
      const text = (row: number) => {
        const terms = [own[row], ...above[row].map((other) => `${prefix}${other}`)];
        return `const ${prefix}${row} = ${terms.join(" + ")};\n${prefix}${row}`;
      };
      for (const row of rows) {
        await run(`${prefix}${row}`, text(row));
      }
      // Each edit makes its cell greater than ever, and so all that depend on it.
      for (const [step, row] of edits.entries()) {
        own[row] = 1000 * (step + 1);
        await run(`${prefix}${row}`, text(row));
      }
      const full: number[] = [];
      for (const row of rows) {
        full.push(above[row].reduce((sum, other) => sum + full[other], own[row]));
      }
      const present = () => rows.map((row) => shown.get(`${prefix}${row}`));
      const changed = rows.filter((row) => present()[row] !== full[row]);
      assert.deepEqual(
        session
          .stale()
          .map(({ name }) => ids.get(name))
          .sort(),
        changed.map((row) => `${prefix}${row}`),
      );
      await runStale();
      assert.deepEqual(present(), full);
      assert.deepEqual(stale(), []);
    }),
    { seed: SEED, numRuns: 8 },
  );
});
