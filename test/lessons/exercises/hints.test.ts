import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { check, hint, solution, VERDICT_TYPE, type VerdictData } from "../../../lessons/exercises";
import { exercise } from "../../../lessons/exercises/exercise";
import { hintsOf } from "../../../lessons/exercises/hints";
import { forgetMemory, readStandings } from "../../../lessons/exercises/progressBook";
import { registerHost } from "../../../lib/host/host";
import { record } from "../../lib/display/recorder";
import { type MemoryHost, memoryHost } from "../../lib/host/memoryHost";

// Wrong answers are errors in fast mode.
delete process.env.KARENINA_MODE;

const FILE = "/home/anna/progress.json";
let host: MemoryHost;
let restore: () => void;

function use(environment: Record<string, string>): void {
  restore?.();
  host = memoryHost(environment);
  const { store, process } = host;
  restore = registerHost({ store, process });
  forgetMemory();
}
beforeEach(() => use({ KARENINA_PROGRESS: FILE }));
afterEach(() => restore());

const texts = (act: () => void) => record(act).map(({ text }) => text);

test("hints come in three steps, and the last two stay", () => {
  const { nudge, hint: told } = check.neuron.exercise;
  const [first] = texts(() => hint.neuron());
  assert.equal(first, `➤ Hint 1 of 3 · An artificial neuron\n${nudge}`);
  const [second] = texts(() => hint.neuron());
  assert.equal(second, `➤ Hint 2 of 3 · An artificial neuron\n${told}`);
  for (const _ of [3, 4]) {
    const [third] = texts(() => hint.neuron());
    assert.match(third, /^➤ Hint 3 of 3/);
    assert.ok(third.includes(told) && third.includes("`solution.neuron()`"));
  }
  assert.deepEqual(
    texts(() => hint.guessFault()).map((text) => text.slice(0, 13)),
    ["➤ Hint 1 of 3"],
    "each exercise has steps of its own",
  );
});

test("an exercise without a nudge has two steps", () => {
  const own = exercise<number>({
    title: "Own",
    answer: 1,
    mistakes: [{ answer: 2, hint: "Less." }],
    hint: "One.",
  });
  const hints = hintsOf({ Own: own });
  assert.deepEqual(
    texts(() => hints.Own()),
    ["➤ Hint 1 of 2 · Own\nOne."],
  );
  assert.match(texts(() => hints.Own())[0], /^➤ Hint 2 of 2 · Own\nOne\.\n/);
});

test("the solution is shown as code, unless the class keeps solutions closed", () => {
  const [shown] = record(() => solution.neuron());
  assert.equal(
    shown.text,
    "Solution · An artificial neuron\ncheck.neuron((x, weight, bias) => Math.tanh(weight * x + bias));",
  );
  assert.match(shown.html, /<pre[^>]*>check\.neuron\(\(x, weight, bias\) =&gt;/);
  assert.equal(readStandings().neuron.solution, true);
  use({ KARENINA_PROGRESS: FILE, KARENINA_SOLUTIONS: "closed" });
  const [closed] = texts(() => solution.neuron());
  assert.match(closed, /^➤ No solution yet · An artificial neuron\nYour class keeps/);
  assert.doesNotMatch(closed, /tanh/);
  assert.equal(readStandings().neuron, undefined);
});

test("a verdict says as data which exercise, how it stands, and what was seen before", () => {
  const verdictOf = (act: () => void) => {
    const [only, ...more] = record(act);
    assert.equal(more.length, 0);
    assert.ok(only.html && only.text, "people see the same as before");
    const { time, ...data } = only.bundle[VERDICT_TYPE] as VerdictData;
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 600_000);
    return data;
  };
  const name = { exercise: "cellRunThrice", lesson: "00-welcome", by: "student" };
  const seen = { hints: 0, solution: false };
  assert.deepEqual(
    verdictOf(() => check.cellRunThrice(Number.NaN)),
    { ...name, ...seen, verdict: "not tried", attempts: 0 },
  );
  assert.equal(host.files.size, 0, "nothing was tried, nothing is written");
  assert.deepEqual(
    verdictOf(() => check.cellRunThrice(7)),
    { ...name, ...seen, verdict: "wrong", attempts: 1 },
  );
  record(() => hint.cellRunThrice());
  record(() => solution.cellRunThrice());
  assert.deepEqual(
    verdictOf(() => check.cellRunThrice(15)),
    { ...name, verdict: "right", attempts: 2, hints: 1, solution: true },
  );
});

test("what stands between BEGIN and END SOLUTION is the lesson's answer, and counts for nobody", () => {
  const cell = Symbol.for("Jupyter.cell");
  const code = "// BEGIN SOLUTION\ncheck.cellRunThrice(15);\n// END SOLUTION";
  Object.defineProperty(globalThis, cell, { value: { code }, configurable: true });
  try {
    const [{ bundle }] = record(() => check.cellRunThrice(15));
    const { by, verdict, attempts } = bundle[VERDICT_TYPE] as VerdictData;
    assert.deepEqual({ by, verdict, attempts }, { by: "lesson", verdict: "right", attempts: 0 });
    assert.deepEqual(readStandings(), {});
  } finally {
    Reflect.deleteProperty(globalThis, cell);
  }
});
