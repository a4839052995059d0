// What a browser's bundle grows by, and that it asks for nothing of Node's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { BundledProject } from "./bundle";

let project: BundledProject;
before(async () => {
  project = await BundledProject.make();
});
after(() => project.remove());

test("a page that takes the vocabulary alone grows by less than 20 kB", async () => {
  const program = `import { Vocabulary } from "karenina";
    globalThis.codes = [...Vocabulary.of("hello").encode("hole")];`;
  const script = await project.bundle(program);
  // A context has JavaScript's own names, and what every browser adds: no process, require or Buffer.
  const page = createContext({ performance });
  runInContext(script, page);
  assert.deepEqual(Array.from(page.codes), [1, 3, 2, 0]);
  assert.ok(script.length < 20_000, `${script.length} characters`);
  const small = await project.bundle(program, { minify: true });
  assert.ok(small.length < 10_000, `${small.length} characters minified`);
});

test("what is used is in the bundle, what is not is left out", async () => {
  const [batches, vocabulary] = await Promise.all(
    ["sequenceBatches", "Vocabulary"].map((name) =>
      project.bundle(`import { ${name} } from "karenina"; console.log(${name});`),
    ),
  );
  assert.match(batches, /function\*? sequenceBatches/);
  assert.match(vocabulary, /class _?Vocabulary/);
  for (const script of [batches, vocabulary]) {
    assert.doesNotMatch(script, /tensorflow|plotly|jsdom/i);
  }
  assert.doesNotMatch(vocabulary, /sequenceBatches/);
});
