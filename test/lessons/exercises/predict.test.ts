import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";
import { exercise } from "../../../lessons/exercises/exercise";
import { yourCode } from "../../../lessons/exercises/notTried";
import { outcome, predict } from "../../../lessons/exercises/predict";
import { record } from "../../lib/display/recorder";

let mode: string | undefined;
beforeEach(() => {
  mode = process.env.KARENINA_MODE;
  process.env.KARENINA_MODE = "fast";
});
afterEach(() => {
  if (mode === undefined) {
    delete process.env.KARENINA_MODE;
  } else {
    process.env.KARENINA_MODE = mode;
  }
});

const ways = ["left", "right"] as const;
const textOf = (act: () => void) => {
  const [only, ...more] = record(act);
  assert.equal(more.length, 0);
  return only.text;
};

test("a guess is kept, and shown to be kept, beside its question", () => {
  const [shown] = record(() => {
    assert.equal(predict("Where to <now>?", ways, "left").guess, "left");
  });
  assert.equal(shown.text, "✎ Your guess is kept · Where to <now>?\nleft");
  const { document } = new JSDOM(shown.html).window;
  assert.equal(document.querySelector("div")!.getAttribute("role"), "status");
  assert.match(document.body.textContent, /Where to <now>\?left/);
  assert.equal(
    textOf(() => predict("Loss", 1.25)),
    "✎ Your guess is kept · Loss\n1.25",
  );
});

test("without a guess the choices are shown, and the outcome alone, in fast mode, too", () => {
  const asked = record(() => {
    const none = predict("Where to?", ways, "");
    assert.equal(none.guess, undefined);
    outcome(none, "right");
    const number = predict("Loss", Number.NaN);
    outcome(number, Math.log(3), { unit: "nats", because: "`ln 3`" });
  });
  assert.deepEqual(
    asked.map(({ text }) => text),
    [
      "○ No guess yet · Where to?\nleft / right",
      "○ No guess · Where to?\nOutcome: right",
      "○ No guess yet · Loss\nA number.",
      "○ No guess · Loss\nOutcome: 1.099 nats\n`ln 3`",
    ],
  );
  assert.match(asked[3].html, /<code>ln 3<\/code>/);
});

test("the guess stands beside the outcome, whether it was right or not", () => {
  const chosen = predict("Where to?", ways, "left");
  assert.equal(
    textOf(() => outcome(chosen, "left")),
    "✓ As you predicted · Where to?\nYour guess: left · Outcome: left",
  );
  assert.equal(
    textOf(() => outcome(chosen, "right", { because: "The slope is negative." })),
    "≠ Not what you predicted · Where to?\nYour guess: left · Outcome: right\nThe slope is negative.",
  );
});

test("a number is as predicted within a tenth, or the share that is asked for", () => {
  const ten = predict("Loss", 10);
  const iconOf = (actual: number, within?: number) =>
    textOf(() => outcome(ten, actual, { ...(within === undefined ? {} : { within }) }))[0];
  assert.equal(iconOf(10.5), "✓");
  assert.equal(iconOf(12), "≠");
  assert.equal(iconOf(12, 0.5), "✓");
  assert.equal(iconOf(-10), "≠");
  assert.equal(iconOf(Number.NaN), "≠");
  const none = predict("How many?", 0);
  assert.equal(textOf(() => outcome(none, 0))[0], "✓");
});

test("what cannot be a guess or an outcome is refused in our words", () => {
  const loose = predict as (question: string, ...rest: unknown[]) => ReturnType<typeof predict>;
  assert.throws(
    () => loose("Where to?", ways, "up"),
    /guess for "Where to\?" is "up", but must be one of "left", "right", or ""/,
  );
  assert.throws(() => loose("Loss", "big"), /is "big", but must be a number, or NaN/);
  assert.throws(() => predict("Where to?", ["left"], ""), /has 1 choices, but needs two/);
  assert.throws(
    () => outcome(loose("Where to?", ways, ""), "up"),
    /outcome of "Where to\?" is "up", but the choices are "left", "right"/,
  );
});

test("what builds on an answer goes on with the exercise's own until the answer is right", () => {
  const double = exercise<(x: number) => number>({
    title: "Doubling",
    answer: (x) => 2 * x,
    observe: (f) => [f(1), f(-3)],
    mistakes: [{ answer: (x) => x * x, hint: "That is the square." }],
    hint: "Multiply by two.",
  });
  const own = (x: number) => x + x;
  assert.deepEqual(
    record(() => assert.equal(double.use(own), own)),
    [],
  );
  for (const unfinished of [() => yourCode(), (x: number) => x * x]) {
    const text = textOf(() => assert.equal(double.use(unfinished)(5), 10));
    assert.match(text, /^○ The lesson's own answer · Doubling\nCells below use it until/);
  }
});
