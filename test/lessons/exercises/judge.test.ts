import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { type Exercise, judge, type Verdict } from "../../../lessons/exercises/judge";
import { yourCode } from "../../../lessons/exercises/notTried";
import { ready, tf } from "../../../lib/engine/tensorflow";

before(async () => {
  await ready();
});

type Values = (x: number[]) => number[];

const cumulate: Exercise<Values> = {
  title: "Running sums",
  answer: (x) => x.map((_, i) => x.slice(0, i + 1).reduce((a, b) => a + b, 0)),
  observe: (f) => [f([1, 2, 4]), f([0.5, -3, 8])],
  mistakes: [{ answer: (x) => x, hint: "Nothing is added." }],
  hint: "Add up all from the first on.",
};

const rowSums: Exercise<(x: tf.Tensor2D) => tf.Tensor> = {
  title: "Row sums",
  answer: (x) => tf.sum(x, 1),
  observe: (f) => f(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])),
  mistakes: [{ answer: (x) => tf.sum(x, 0), hint: "These are the columns' sums." }],
  hint: "Sum along the axis of columns.",
};

function hintOf(verdict: Verdict): string {
  assert.equal(verdict.kind, "wrong", JSON.stringify(verdict));
  return (verdict as { hint: string }).hint;
}

const wrong = (f: unknown) => hintOf(judge(cumulate, f as Values));
const wrongRows = (f: unknown) => hintOf(judge(rowSums, f as (x: tf.Tensor2D) => tf.Tensor));

test("a function is judged by what it does, not by how it is written", () => {
  const other: Values = (x) => {
    let sum = 0;
    return x.map((value) => (sum += value));
  };
  assert.deepEqual(judge(cumulate, other), { kind: "right" });
  assert.equal(
    wrong((x: number[]) => [...x]),
    "Nothing is added.",
  );
});

test("a function that does not work gets a hint and not a stack", () => {
  const thrown = wrong(() => {
    throw new TypeError("x is not iterable\n  at secret");
  });
  assert.equal(
    thrown,
    'Your function, called with ([1, 2, 4]), throws "TypeError: x is not iterable".',
  );
  assert.match(
    wrong(() => undefined),
    /returns undefined, but should return a list\. .*`return`/,
  );
  assert.match(
    wrong(async () => [1]),
    /returns a promise.* Leave `async` out/,
  );
  assert.match(
    wrong(() => 7),
    /returns a number, but should return a list/,
  );
  assert.match(wrong("text"), /cannot be checked/);
  assert.match(
    wrong(() => Promise.reject(new Error("late"))),
    /returns a promise/,
  );
  const endless = (x: number[]): number[] => endless(x);
  assert.match(wrong(endless), /throws "RangeError: Maximum call stack/);
});

test("shapes that do not fit are reported in our words, before the engine sees them", () => {
  const of = "Your function, called with \\(a tensor of the shape \\[2, 3\\]\\), ";
  const hints: [(x: tf.Tensor2D) => tf.Tensor, string][] = [
    [
      (x) => tf.matMul(x, x),
      "multiplies a matrix of the shape [2, 3] by a matrix of the shape [2, 3]. The first has 3 columns and the second 2 rows, but these two numbers have to be the same.",
    ],
    [
      (x) => tf.matMul(x, x, true, true),
      "multiplies a transposed matrix, now of the shape [3, 2], by a transposed matrix, now of the shape [3, 2]. The first has 2 columns and the second 3 rows, but these two numbers have to be the same.",
    ],
    [
      (x) => tf.add(x, tf.transpose(x)),
      "combines tensors of the shapes [2, 3] and [3, 2] number by number. Compared from the last axis backwards, the lengths of their axes have to be the same, or one of them 1.",
    ],
    [
      (x) => tf.mul(x, tf.ones([2])),
      "combines tensors of the shapes [2, 3] and [2] number by number. Compared from the last axis backwards, the lengths of their axes have to be the same, or one of them 1.",
    ],
  ];
  for (const [answer, words] of hints) {
    const hint = wrongRows(answer);
    assert.match(hint, new RegExp(`^${of}`));
    assert.ok(hint.endsWith(words), hint);
  }
});

test("what fits is left to the engine, and engines keep their own method", () => {
  const fitting = (x: tf.Tensor2D) =>
    tf.sum(tf.add(tf.mul(x, [1, 1, 1]), tf.mul(tf.zeros([4, 1, 1]), x).sum(0)), 1);
  assert.equal(judge(rowSums, fitting).kind, "right");
  assert.equal(Object.hasOwn(tf.engine(), "runKernel"), false);
  wrongRows((x: tf.Tensor2D) => tf.matMul(x, x));
  assert.equal(Object.hasOwn(tf.engine(), "runKernel"), false);
});

test("where only the engine knows what is wrong, its operation and the shapes are named", () => {
  const failing = (x: tf.Tensor2D) => tf.engine().runKernel("NoSuchOperation", { x }) as tf.Tensor;
  assert.match(
    wrongRows(failing),
    /^Your function, called with .* fails in TensorFlow's operation NoSuchOperation on a tensor of the shape \[2, 3\]: "/,
  );
});

test("mistakes that fail differently are distinguished even where an engine says the same of both", () => {
  const gets = (first: (x: tf.Tensor2D) => tf.Tensor, second: (x: tf.Tensor2D) => tf.Tensor) => {
    const known: typeof rowSums = {
      ...rowSums,
      mistakes: [
        { answer: first, hint: "The first." },
        { answer: second, hint: "The second." },
      ],
    };
    return [first, second].map((answer) => hintOf(judge(known, answer)));
  };
  const engineFails = (value: number) => (x: tf.Tensor2D) =>
    tf.engine().runKernel("NoSuchOperation", { x }, { value }) as tf.Tensor;
  const pairs: [(x: tf.Tensor2D) => tf.Tensor, (x: tf.Tensor2D) => tf.Tensor][] = [
    [(x) => tf.matMul(x, x), (x) => tf.matMul(x, x, true, true)],
    [(x) => tf.add(x, tf.ones([2])), (x) => tf.sub(x, tf.ones([2]))],
    [engineFails(1), engineFails(2)],
  ];
  for (const [first, second] of pairs) {
    assert.deepEqual(gets(first, second), ["The first.", "The second."]);
  }
});

test("a mistake that fails gets its hint where an answer fails in the same way", () => {
  const known: typeof rowSums = {
    ...rowSums,
    mistakes: [
      { answer: (x) => tf.matMul(x, x), hint: "These two cannot be multiplied." },
      ...rowSums.mistakes,
    ],
  };
  const hintFor = (answer: (x: tf.Tensor2D) => tf.Tensor) => hintOf(judge(known, answer));
  assert.equal(
    hintFor((x) => x.matMul(x)),
    "These two cannot be multiplied.",
  );
  assert.equal(
    hintFor((x) => tf.sum(x, 0)),
    "These are the columns' sums.",
  );
  const other = () => {
    throw new Error("another failure");
  };
  assert.match(hintFor(other), /another failure/);
});

test("your code called in a function, however deep, counts as not tried", () => {
  assert.deepEqual(
    judge(cumulate, (x) => x.map(() => yourCode())),
    { kind: "not tried" },
  );
});

test("Stop passes through a check", () => {
  class KeyboardInterrupt extends Error {
    override name = "KeyboardInterrupt";
  }
  const stopped = () => {
    throw new KeyboardInterrupt();
  };
  assert.throws(() => judge(cumulate, stopped), KeyboardInterrupt);
});

test("a function that changes or disposes of its argument hears so", () => {
  const inPlace: Values = (x) => {
    for (let i = 1; i < x.length; i++) {
      x[i] += x[i - 1];
    }
    return x;
  };
  assert.match(wrong(inPlace), /changes its argument 1, .*Work on a copy/s);
  const disposing = (x: tf.Tensor2D) => {
    const sums = tf.sum(x, 1);
    x.dispose();
    return sums;
  };
  assert.match(wrongRows(disposing), /disposes of its argument 1/);
  const disposed = (x: tf.Tensor2D) => {
    const sums = tf.sum(x, 1);
    sums.dispose();
    return sums;
  };
  assert.match(wrongRows(disposed), /returns a tensor that is disposed already/);
});

test("where the right answer works in place, so may the student's", () => {
  const fill: Exercise<(x: number[]) => void> = {
    title: "Zero a list",
    answer: (x) => void x.fill(0),
    observe: (f) => {
      const list = [1, 2];
      f(list);
      return list;
    },
    mistakes: [{ answer: () => {}, hint: "Nothing changes." }],
    hint: "Set each to 0.",
  };
  const own = (x: number[]) => {
    x[0] = x[1] = 0;
  };
  assert.deepEqual(judge(fill, own), { kind: "right" });
  assert.equal(hintOf(judge(fill, () => {})), "Nothing changes.");
});

test("tensors left behind are remarked upon, or wrong where that is the point", () => {
  const leaking = (x: tf.Tensor2D) => tf.sum(tf.mul(tf.mul(x, 2), 0.5), 1);
  const before = tf.memory().numTensors;
  const verdict = judge(rowSums, leaking);
  assert.equal(verdict.kind, "right");
  assert.match((verdict as { remark: string }).remark, /leaves 2 tensors behind in memory/);
  assert.match(hintOf(judge({ ...rowSums, mustTidy: true }, leaking)), /tf\.tidy/);
  assert.deepEqual(
    judge(rowSums, (x) => tf.tidy(() => leaking(x))),
    { kind: "right" },
  );
  const both = { ...rowSums, answer: leaking };
  assert.deepEqual(judge(both, leaking), { kind: "right" }, "the right answer is no tidier");
  assert.equal(tf.memory().numTensors, before, "the check itself leaves nothing behind");
});

test("gradients can be what is compared", () => {
  const square: Exercise<(x: tf.Tensor) => tf.Tensor> = {
    title: "Square",
    answer: (x) => tf.square(x),
    observe: (f) => tf.grad((x) => tf.sum(f(x)))(tf.tensor1d([-1, 0, 3])),
    mistakes: [{ answer: (x) => tf.abs(x), hint: "That is the absolute value." }],
    hint: "Multiply it by itself.",
  };
  assert.deepEqual(
    judge(square, (x) => tf.mul(x, x)),
    { kind: "right" },
  );
  assert.equal(hintOf(judge(square, (x) => tf.abs(tf.add(x, 0)))), "That is the absolute value.");
  assert.match(hintOf(judge(square, (x) => tf.neg(tf.square(x)))), /not the sign/);
  assert.match(
    hintOf(judge(square, (x) => tf.mul(2, tf.square(x)))),
    /2 times what they should be/,
  );
  assert.match(hintOf(judge(square, () => tf.scalar(1))), /cannot be checked/);
});

test("shapes and axes get hints of their own", () => {
  assert.equal(
    wrongRows((x: tf.Tensor2D) => tf.sum(x, 0)),
    "These are the columns' sums.",
  );
  assert.match(
    wrongRows((x: tf.Tensor2D) => tf.sum(x)),
    /shape is \[\], but should be \[2\].*axis/,
  );
  const kept = (x: tf.Tensor2D) => tf.sum(x, 1, true);
  assert.match(wrongRows(kept), /shape is \[2, 1\].* Only axes of length 1 differ/);
  assert.match(
    wrong(() => [1]),
    /The list has 1 elements?|shape/,
  );
  const table: Exercise<number[][]> = {
    title: "Table",
    answer: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    mistakes: [{ answer: [[0]], hint: "More." }],
    hint: "Fill it.",
  };
  const swapped = [
    [1, 4],
    [2, 5],
    [3, 6],
  ];
  assert.match(
    hintOf(judge(table, swapped)),
    /\[3, 2\], but should be \[2, 3\]\. The axes are swapped/,
  );
  const square = {
    ...table,
    answer: [
      [1, 2],
      [3, 4],
    ],
  };
  assert.match(
    hintOf(
      judge(square, [
        [1, 3],
        [2, 4],
      ]),
    ),
    /rows and columns are swapped/,
  );
  assert.match(
    hintOf(
      judge(square, [
        [1, 2],
        [3, 0],
      ]),
    ),
    /^3 of 4 values are right\. Fill it\.$/,
  );
});

test("sign, off by one, factor and NaN are seen in any exercise", () => {
  const times =
    (factor: number): Values =>
    (x) =>
      cumulate.answer(x).map((v) => factor * v);
  assert.match(wrong(times(-1)), /^The size is right, but not the sign\. Add up/);
  assert.match(wrong(times(3)), /^All values are 3 times what they should be\./);
  assert.match(wrong(times(Number.NaN)), /not finite: NaN is among the values/);
  const count: Exercise<number> = {
    title: "Count",
    answer: 12,
    mistakes: [{ answer: 0, hint: "Not none." }],
    hint: "Count.",
  };
  assert.equal(hintOf(judge(count, 13)), "Off by one: one too many. Count.");
  assert.equal(hintOf(judge(count, 11)), "Off by one: one too few. Count.");
  assert.equal(hintOf(judge(count, 20)), "Count.");
});

test("right can be more than one answer", () => {
  const rate: Exercise<number> = {
    title: "A rate that diverges",
    answer: 2,
    right: (value) => value > 1,
    mistakes: [{ answer: -1, when: (value) => value < 0, hint: "Rates are positive." }],
    hint: "Take a larger one.",
  };
  assert.deepEqual(judge(rate, 77), { kind: "right" });
  assert.equal(hintOf(judge(rate, -0.5)), "Rates are positive.");
  assert.equal(hintOf(judge(rate, 0.5)), "Take a larger one.");
});

test("a class is judged by its instances", () => {
  class Counter {
    count = 0;
    add() {
      this.count += 1;
    }
  }
  const counter: Exercise<new () => Counter> = {
    title: "Counter",
    answer: Counter,
    observe: (Own) => {
      const own = new Own();
      own.add();
      own.add();
      return own.count;
    },
    mistakes: [
      {
        answer: class extends Counter {
          override add() {}
        },
        hint: "It stands still.",
      },
    ],
    hint: "Count the calls.",
  };
  assert.deepEqual(judge(counter, class extends Counter {}), { kind: "right" });
  assert.equal(hintOf(judge(counter, counter.mistakes[0].answer)), "It stands still.");
});

test("no hint tells the answer, whatever wrong number is given", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1000.25, max: 9999.75, noNaN: true }),
      fc.double({ noNaN: false }),
      (right, given) => {
        const question: Exercise<number> = {
          title: "Secret",
          answer: right,
          mistakes: [{ answer: 0, hint: "Not zero." }],
          hint: "Think.",
        };
        const verdict = judge(question, given);
        if (verdict.kind !== "wrong") {
          return;
        }
        assert.doesNotMatch(verdict.hint, /\d{4}/);
      },
    ),
  );
});
