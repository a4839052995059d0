import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type KernelMaker, startFrom } from "../../../runner/kernels";
import type { Engine } from "../../../scripts/matrix/engines";
import { type Lesson, planRuns, resultFile } from "../../../scripts/matrix/plan";
import { type RunMatrixOptions, runMatrix } from "../../../scripts/matrix/run";
import { makeTable, markdownOf } from "../../../scripts/matrix/table";
import { scripted, temporaryFolder } from "../../runner/client/kernels";
import { writeNotebook } from "../../runner/notebooks";

const ENGINES: Engine[] = [
  { name: "one", title: "Engine one", env: { TEST_ENGINE: "1" } },
  { name: "two", title: "Engine two", env: { TEST_ENGINE: "2" } },
];

/** A folder with a lesson, whose runs are written down in the file "ran" and of which some fail. */
function matrixOf(code: string) {
  const folder = temporaryFolder();
  const ran = join(folder, "ran");
  writeFileSync(ran, "");
  const note = `require("node:fs").appendFileSync(${JSON.stringify(ran)}, [process.env.TEST_ENGINE, process.env.KARENINA_OFFLINE ?? "0", process.env.KARENINA_SEED || "own"].join() + "\\n");`;
  const lessonOf = (...cells: string[]): Lesson => {
    const path = writeNotebook(folder, "flaky.ipynb", [note, ...cells]);
    const text = readFileSync(path, "utf8");
    return { path, name: "flaky.ipynb", text, data: ["real", "stand-ins"] };
  };
  const lesson = lessonOf(code);
  const plan = (lesson: Lesson, sources = "a", seeds = 2) =>
    planRuns({ lessons: [lesson], engines: ENGINES, seeds, sources });
  const start = (options: Partial<RunMatrixOptions> & Pick<RunMatrixOptions, "runs">) =>
    runMatrix({
      spec: scripted(),
      // For one that hangs.
      limits: { cell: 300, notebook: 900 },
      jobs: 2,
      folder,
      fresh: false,
      ...options,
    });
  /** What has run since the last time. */
  const news = () => {
    const lines = readFileSync(ran, "utf8").split("\n").slice(0, -1).sort();
    writeFileSync(ran, "");
    return lines;
  };
  return { folder, lesson, lessonOf, plan, start, news };
}

const FLAKY = `const assert = require("node:assert/strict");
assert.ok(!(process.env.TEST_ENGINE === "2" && process.env.KARENINA_SEED === "2"), "unlucky | here");
assert.ok(process.env.KARENINA_MODE === "fast");`;

const ALL = ["1,0,2", "1,0,own", "1,1,2", "1,1,own", "2,0,2", "2,0,own", "2,1,2", "2,1,own"];

test("every engine with all data under all seeds, and how often each assertion held", async () => {
  const { lesson, plan, start, news } = matrixOf(FLAKY);
  const runs = plan(lesson);
  const heard: string[] = [];
  const results = await start({
    runs,
    onResult: ({ seed }, { ok }, over, of) => heard.push(`${seed} ${ok} ${over}/${of}`),
  });
  assert.deepEqual(news(), ALL);
  assert.equal(heard.length, 8);
  assert.ok(heard[7].endsWith("8/8"));
  const table = makeTable({ runs, results, engines: ENGINES, leftOut: ["something"] });
  assert.deepEqual(table.runs, { planned: 8, done: 8, good: 6 });
  assert.deepEqual(
    table.assertions.map(({ data, line, counts }) => [data, line, counts]),
    [
      ["real", 2, { one: { held: 2, of: 2 }, two: { held: 1, of: 2 } }],
      ["stand-ins", 2, { one: { held: 2, of: 2 }, two: { held: 1, of: 2 } }],
      ["real", 3, { one: { held: 2, of: 2 }, two: { held: 2, of: 2 } }],
      ["stand-ins", 3, { one: { held: 2, of: 2 }, two: { held: 2, of: 2 } }],
    ],
  );
  assert.deepEqual(table.assertions[0].failures, [
    { engine: "two", seed: 2, message: "unlucky | here" },
  ]);
  assert.deepEqual(
    table.failed.map(({ engine, data, seed }) => [engine, data, seed]),
    [
      ["two", "real", 2],
      ["two", "stand-ins", 2],
    ],
  );
  const markdown = markdownOf(table);
  assert.match(markdown, /8 of 8 runs done, 6 without fault\. Assertions held 14 of 16 times\./);
  assert.match(markdown, /Left out: something/);
  assert.match(markdown, /^\| flaky\.ipynb \| 3:2 \| real \| `.*` \| 2\/2 \| \*\*1\/2\*\* \|$/m);
  assert.match(markdown, / {2}- Engine two, seed 2: unlucky \| here$/m);
});

test("a second start runs what is missing or changed, and nothing else", async () => {
  const { folder, lesson, lessonOf, plan, start, news } = matrixOf(FLAKY);
  const results = await start({ runs: plan(lesson) });
  assert.deepEqual(
    [...results.values()]
      .map(({ error }) => error)
      .filter((error) => !/unlucky/.test(error ?? "unlucky")),
    [],
    "all kernels start",
  );
  news();
  const again = await start({ runs: plan(lesson) });
  assert.deepEqual(news(), []);
  assert.equal(again.size, 8, "kept results are results");

  const [first, second] = plan(lesson);
  writeFileSync(resultFile(folder, first), "{ cut off");
  appendFileSync(resultFile(folder, second), "\n");
  assert.equal((await start({ runs: plan(lesson) })).size, 8);
  assert.deepEqual(news(), ["1,0,own"], "a damaged result is no result");

  await start({ runs: plan(lesson, "a", 3) });
  assert.deepEqual(news(), ["1,0,3", "1,1,3", "2,0,3", "2,1,3"], "a seed more");

  await start({ runs: plan(lesson, "other sources") });
  assert.deepEqual(news(), ALL);
  await start({ runs: plan(lesson, "other sources"), fresh: true });
  assert.deepEqual(news(), ALL);
  await start({ runs: plan(lessonOf(`${FLAKY}\n1`), "other sources") });
  assert.deepEqual(news(), ALL, "another text");
});

test("an engine in a page has its own kernels and no stand-ins, and its assertions are not counted", async () => {
  const { lesson, start, news } = matrixOf(FLAKY);
  const engines: Engine[] = [
    { name: "page", title: "in a page", env: { TEST_ENGINE: "2" }, inPage: true },
  ];
  const runs = planRuns({ lessons: [lesson], engines, seeds: 2, sources: "a" });
  assert.deepEqual(
    runs.map(({ data, seed }) => [data, seed]),
    [
      ["real", null],
      ["real", 2],
    ],
  );
  await assert.rejects(start({ runs }), /Engine page needs kernels in pages/);
  const pages: KernelMaker = {
    name: "pages",
    start: (request) => startFrom(scripted(), request),
  };
  const broken = { ...scripted(), argv: [process.execPath, "-e", "throw Error('not this one')"] };
  const results = await start({ runs, spec: broken, pages });
  assert.deepEqual(news(), ["2,0,2", "2,0,own"]);
  const [good, bad] = runs.map((run) => results.get(run)!);
  assert.deepEqual([good.ok, good.error, good.outcomes], [true, null, []]);
  assert.match(bad.error!, /unlucky/);
  const markdown = markdownOf(makeTable({ runs, results, engines, leftOut: [] }));
  assert.match(markdown, /2 of 2 runs done, 1 without fault\./);
  assert.match(markdown, /flaky\.ipynb, in a page, data real, seed 2: .*unlucky/);
});

test("a kernel that does not start fails the run, and the run is not kept", async () => {
  const { folder, lesson, plan, start, news } = matrixOf(FLAKY);
  const [run] = plan(lesson);
  const broken = { ...scripted(), argv: [process.execPath, "-e", "throw Error('broken')"] };
  const results = await start({ runs: [run], spec: broken });
  assert.match(results.get(run)!.error!, /did not start/);
  assert.deepEqual(
    results.get(run)!.outcomes.map(({ held }) => held),
    [false, false],
  );
  assert.ok(!existsSync(resultFile(folder, run)));
  assert.equal((await start({ runs: [run] })).get(run)!.ok, true);
  assert.deepEqual(news(), ["1,0,own"]);
});

test("what was stopped is not kept, and the next start goes on there", async () => {
  const { folder, lesson, plan, start, news } = matrixOf(
    'if (process.env.TEST_ENGINE === "2" && !process.env.HURRY) await new Promise(() => {})',
  );
  const stopping = new AbortController();
  const runs = plan(lesson, "a", 1);
  const results = await start({
    runs,
    jobs: 1,
    signal: stopping.signal,
    // After the second run the third hangs; it is stopped once it has begun.
    onResult: (_run, _result, over) => {
      if (over < 2) {
        return;
      }
      const watch = setInterval(() => {
        if (!readFileSync(join(folder, "ran"), "utf8").includes("2,")) {
          return;
        }
        clearInterval(watch);
        stopping.abort();
      }, 10);
    },
  });
  assert.deepEqual(news(), ["1,0,own", "1,1,own", "2,0,own"]);
  assert.equal(results.size, 2);
  assert.deepEqual(
    runs.map((run) => existsSync(resultFile(folder, run))),
    [true, true, false, false],
  );
  process.env.HURRY = "yes";
  const rest = await start({ runs });
  assert.deepEqual(news(), ["2,0,own", "2,1,own"]);
  assert.ok(rest.size === 4 && [...rest.values()].every(({ ok }) => ok));
});
