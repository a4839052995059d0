// The same code in a cell and in plain Node: output, its order, and errors are the same.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { packageRoot } from "../../../kernel/node/packageRoot";
import { runInCell, startForSnippets } from "./cells";
import { DIFFERENCES } from "./differences";
import { interleaving } from "./interleavings";
import { type Outcome, runByNode } from "./reference";
import { readSnippets, type Snippet } from "./snippets";

const SEED = Number(process.env.KARENINA_SEED ?? 7);

/** `KARENINA_SNIPPETS` is a regular expression for the names of those to run; default: all. */
const wanted = new RegExp(process.env.KARENINA_SNIPPETS ?? "");
const written = readSnippets().filter(({ topic, name }) => wanted.test(`${topic}: ${name}`));
const generated: Snippet[] = fc
  .sample(interleaving, { seed: SEED, numRuns: process.env.KARENINA_SNIPPETS ? 0 : 60 })
  .map((code, index) => ({ topic: "interleavings", name: `seed ${SEED}, number ${index}`, code }));
const snippets = [...written, ...generated];

const folder = mkdtempSync(join(tmpdir(), "differential-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const kernel = startForSnippets(folder);
let expected: Map<Snippet, Outcome>;

before(() => {
  const outcomes = runByNode(snippets, folder);
  expected = new Map(snippets.map((snippet, index) => [snippet, outcomes[index]]));
});

for (const topic of new Set(snippets.map((snippet) => snippet.topic))) {
  test(`${topic}: a cell does what Node does`, async (t) => {
    for (const snippet of snippets.filter((one) => one.topic === topic)) {
      await t.test(snippet.name, async () => {
        let byNode = expected.get(snippet) as Outcome;
        let inCell = await runInCell(await kernel, snippet);
        // On a busy machine, what waits for some milliseconds may not see what it waits for. A
        // difference that is one is there again.
        for (let tries = 0; tries < 3 && !isDeepStrictEqual(inCell, byNode); tries++) {
          [byNode] = runByNode([snippet], mkdtempSync(join(folder, "again-")));
          inCell = await runInCell(await kernel, snippet);
        }
        const known = DIFFERENCES.find(
          (one) => one.topic === topic && one.names.includes(snippet.name),
        );
        if (known) {
          // What is listed as a difference has to be one: otherwise the list is out of date.
          assert.notDeepEqual(inCell, byNode);
          assert.deepEqual(inCell, known.expected?.(byNode) ?? inCell);
        } else {
          assert.deepEqual(inCell, byNode, snippet.code);
        }
      });
    }
  });
}

test("there are as many snippets as were promised", { skip: wanted.source !== "(?:)" }, () => {
  assert.ok(written.length >= 300, `there are ${written.length}`);
  assert.equal(new Set(written.map(({ topic, name }) => `${topic}: ${name}`)).size, written.length);
});

test("the kernel's README lists the differences and their reasons", () => {
  const readme = readFileSync(join(packageRoot(), "README.md"), "utf8").replace(/ +/g, " ");
  for (const { what, reason } of DIFFERENCES) {
    assert.ok(readme.includes(`| ${what} | ${reason} |`), what);
  }
  const [, table] = /## Where a cell is not plain Node\n([\s\S]*?)\n## /.exec(readme) ?? [];
  assert.equal(table?.match(/^\| (?!-|What )/gm)?.length, DIFFERENCES.length);
});
