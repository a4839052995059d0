import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { interact, lineFigure, OptionError, slider, toggle } from "../../../../lib";
import { record } from "../recorder";
import { FrontEnd } from "./frontEnd";

let front: FrontEnd;
beforeEach(() => {
  front = new FrontEnd();
});
afterEach(() => front.close());

/** What stands in the output of the interaction at last. */
const output = () => front.shown.filter(({ id }) => id?.startsWith("karenina-interact"));

test("the output follows the controls, in one place", async () => {
  const shown = interact(({ a, doubled }) => (doubled ? 2 * a : a), {
    a: slider("a", { min: 0, max: 10, value: 3 }),
    doubled: toggle("doubled"),
  });
  front.change(front.widget("CheckboxModel"), { value: true });
  front.change(front.widget("IntSliderModel"), { value: 4 });
  await shown.settled();
  assert.deepEqual(
    output().map(({ bundle, update }) => [bundle["text/plain"], update]),
    [
      ["3", false],
      ["8", true],
    ],
    "changes that come together are drawn once",
  );
  shown.stop();
  front.change(front.widget("IntSliderModel"), { value: 5 });
  await shown.settled();
  assert.equal(output().length, 2);
});

test("where nobody can move the controls, a line says that what is shown is fixed", () => {
  const make = () => interact(({ a }) => 2 * a, { a: slider("a", { min: 0, max: 1, value: 0.5 }) });
  make();
  assert.ok(front.shown.every(({ bundle }) => !/^Fixed/.test(String(bundle["text/plain"]))));
  front.close();
  const texts = record(() => void make()).map(({ text }) => text);
  assert.deepEqual(texts.slice(0, 2), ["a: 0.5", "1"]);
  assert.match(texts[2], /^Fixed: the controls cannot be moved here/);
});

test("a function that takes long gets the newest values and no others", async () => {
  const drawn: number[] = [];
  let release = () => {};
  const shown = interact(
    async ({ a }) => {
      drawn.push(a);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return `a is ${a}`;
    },
    { a: slider("a", { min: 0, max: 10, value: 1 }) },
  );
  const model = front.widget("IntSliderModel");
  for (const value of [2, 3, 4]) {
    front.change(model, { value });
  }
  const ended = shown.settled();
  while (drawn.length < 2) {
    release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  release();
  await ended;
  assert.deepEqual(drawn, [1, 4]);
  assert.equal(output().at(-1)?.bundle["text/plain"], "a is 4");
});

test("a figure moves in its place and becomes a picture at rest", async () => {
  const xs = [0, 1, 2, 3];
  const shown = interact(({ k }) => lineFigure(xs, { line: xs.map((x) => k * x) }), {
    k: slider("k", { min: 1, max: 20, value: 2 }),
  });
  const html = () => String(output().at(-1)?.bundle["text/html"]);
  assert.match(html(), /<img src="data:image\/svg/);
  const { id } = output()[0];
  front.change(front.widget("IntSliderModel"), { value: 9 });
  await shown.settled();
  assert.doesNotMatch(html(), /<img/);
  assert.ok(html().includes(`"keepAs":"${id}"`));
  while (!html().includes("<img")) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(output().every((one) => one.id === id));
});

test("what it throws at first is the cell's, later it stands in the output", async () => {
  const controls = () => ({ a: slider("a", { min: 0, max: 10, value: 1 }) });
  const fails = ({ a }: { a: number }) => {
    if (a === 1) {
      throw new RangeError("no 1");
    }
    return a;
  };
  assert.throws(() => interact(fails, controls()), RangeError);
  const shown = interact(fails, { a: slider("a", { min: 0, max: 10, value: 2 }) });
  for (const value of [1, 3]) {
    front.change(front.widget("IntSliderModel"), { value });
    await shown.settled();
  }
  assert.deepEqual(
    output().map(({ bundle }) => bundle["text/plain"]),
    ["2", "RangeError: no 1", "3"],
  );
});

test("an output without controls is refused", () => {
  assert.throws(() => interact(() => 1, {}), OptionError);
  assert.throws(() => interact(() => 1, { a: 5 as never }), /a is 5, but must be a control/);
  assert.throws(() => interact(5 as never, {}), /draw is 5, but must be a function/);
});
