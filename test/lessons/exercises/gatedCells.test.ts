import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { tf } from "../../../lib/engine/tensorflow";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.gatedCells;
proveExercises(lesson);

type Gates = { i: number; f: number; g: number; o: number };
type Back = Parameters<typeof lesson.lstmBackward>[0];

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const sumsOf = ({ i, f, g, o }: Gates) => {
  const logit = (p: number) => Math.log(p / (1 - p));
  return [logit(i), logit(f), Math.atanh(g), logit(o)];
};

/** dh h + dc c', a loss with just these gradients at what a step gives. */
const lossOf = ([zi, zf, zg, zo, c]: number[], dh: number, dc: number) => {
  const after = sigmoid(zf) * c + sigmoid(zi) * Math.tanh(zg);
  return dh * sigmoid(zo) * Math.tanh(after) + dc * after;
};

test("an LSTM's way back is right by differences, by autograd, and from the parts of h", () => {
  const byDifferences: Back = (gates, c, dh, dc) => {
    const at = [...sumsOf(gates), c];
    const [zi, zf, zg, zo, ofC] = at.map((_, k) => {
      const [up, down] = [1e-5, -1e-5].map((e) => at.map((z, j) => (j === k ? z + e : z)));
      return (lossOf(up, dh, dc) - lossOf(down, dh, dc)) / 2e-5;
    });
    return { zi, zf, zg, zo, c: ofC };
  };
  const byAutograd: Back = (gates, c, dh, dc) =>
    tf.tidy(() => {
      const gradients = tf.grad((z) => {
        const [zi, zf, zg, zo, before] = tf.unstack(z);
        const after = zf.sigmoid().mul(before).add(zi.sigmoid().mul(zg.tanh()));
        return zo.sigmoid().mul(after.tanh()).mul(dh).add(after.mul(dc));
      })(tf.tensor1d([...sumsOf(gates), c]));
      const [zi, zf, zg, zo, ofC] = gradients.dataSync();
      return { zi, zf, zg, zo, c: ofC };
    });
  const fromH: Back = ({ i, f, g, o }, c, dh, dc) => {
    const after = c * f + g * i;
    const h = o * Math.tanh(after);
    const toCell = dh * (o - (h * h) / o) + dc; // o (1 - tanh²) = o - h² / o
    const [zi, zf] = [toCell * (i - i * i) * g, toCell * (f - f * f) * c];
    return { zi, zf, zg: toCell * (i - i * g * g), zo: dh * (h - h * o), c: f * toCell };
  };
  for (const right of [byDifferences, byAutograd, fromH]) {
    assert.equal(judge(lesson.lstmBackward.exercise, right).kind, "right");
  }
});

test("wrong ways back through an LSTM are not right, whether their mistake is known or not", () => {
  const { answer } = lesson.lstmBackward.exercise as { answer: Back };
  const wrong: Back[] = [
    (gates, c, dh, dc) => answer(gates, c, dh, -dc),
    (gates, c, dh, dc) => ({ ...answer(gates, c, dh, dc), c: dc * gates.f }),
    // The content before in the place of the new one.
    (gates, c, dh, dc) => ({
      ...answer(gates, c, dh, dc),
      zo: dh * Math.tanh(c) * gates.o * (1 - gates.o),
    }),
    // The gradient of h by o, without its sigmoid.
    (gates, c, dh, dc) => ({
      ...answer(gates, c, dh, dc),
      zo: dh * Math.tanh(gates.f * c + gates.i * gates.g),
    }),
    // i and f changed places.
    ({ i, f, g, o }, c, dh, dc) => answer({ i: f, f: i, g, o }, c, dh, dc),
    () => ({ zi: 0, zf: 0, zg: 0, zo: 0, c: 0 }),
  ];
  for (const back of wrong) {
    assert.equal(judge(lesson.lstmBackward.exercise, back).kind, "wrong");
  }
});

const artanh = (value: number) => Math.log((1 + value) / (1 - value)) / 2;

tryForms("keepingGates", lesson.keepingGates, {
  right: [
    (mark, value) =>
      mark === 1 ? { zi: 100, zf: -100, zg: Math.atanh(value) } : { zi: -100, zf: 100, zg: value },
    (mark, value) => ({ zi: 12 * (2 * mark - 1), zf: 12 * (1 - 2 * mark), zg: artanh(value) }),
    // Without a mark the candidate may be anything, since the input gate is shut.
    (mark, value) => {
      const shut = -9 - 21 * (1 - mark);
      return { zi: mark ? 30 : shut, zf: mark ? shut : 30, zg: mark * artanh(value) };
    },
  ],
  wrong: [
    [(mark, value) => ({ zi: 10 * mark, zf: 10 - 20 * mark, zg: Math.atanh(value) }), /Marked:/],
    [(mark, value) => ({ zi: 20 * mark - 10, zf: -10 * mark, zg: Math.atanh(value) }), /Marked:/],
    [(mark, value) => ({ zi: 20 * mark - 10, zf: 10 - 20 * mark, zg: 20 * value }), /Marked:/],
    [
      (mark, value) => ({ zi: 8 * mark - 4, zf: 4 - 8 * mark, zg: Math.atanh(value) }),
      /quite open/,
    ],
    [() => ({ zi: 10, zf: 10, zg: 0 }), /Marked:/],
    [(_mark, value) => ({ zi: 0, zf: 0, zg: value }), /Marked:/],
  ],
});

tryForms("gruStep", lesson.gruStep, {
  right: [
    // From the candidate back towards the old state.
    (x, h, { z, r, g }) => {
      const reset = x.matMul(r.U).add(h.matMul(r.W)).add(r.b).sigmoid().mul(h);
      const candidate = x.matMul(g.U).add(reset.matMul(g.W)).add(g.b).tanh();
      const keep = x.matMul(z.U).add(h.matMul(z.W)).add(z.b).sigmoid();
      return candidate.add(keep.mul(h.sub(candidate)));
    },
    // Input and state side by side, and both gates from one product.
    (x, h, { z, r, g }) => {
      const tall = ({ U, W }: { U: tf.Tensor; W: tf.Tensor }) => tf.concat([U, W], 0);
      const both = tf
        .concat([x, h], 1)
        .matMul(tf.concat([tall(z), tall(r)], 1))
        .add(tf.concat([z.b, r.b]));
      const [keep, reset] = tf.split(tf.sigmoid(both), 2, 1);
      const candidate = tf
        .concat([x, reset.mul(h)], 1)
        .matMul(tall(g))
        .add(g.b)
        .tanh();
      return tf.add(keep.mul(h), tf.sub(1, keep).mul(candidate));
    },
  ],
  wrong: [
    [(_x, h) => h, /.+/],
    [(x, _h, { g }) => x.matMul(g.U).add(g.b).tanh(), /.+/],
    // The weights of the gates have changed places with each other and with the candidate's.
    [(x, h, { z, r, g }) => lesson.gruStep.exercise.answer(x, h, { z: g, r, g: z }), /sigmoids of/],
    // PyTorch's order and sign at once: two mistakes.
    [
      (x, h, { z, r, g }) => {
        const sum = (w: typeof z) => x.matMul(w.U).add(h.matMul(w.W)).add(w.b);
        const keep = sum(z).sigmoid();
        const candidate = x
          .matMul(g.U)
          .add(sum(r).sigmoid().mul(h.matMul(g.W)))
          .add(g.b)
          .tanh();
        return tf.sub(1, keep).mul(h).add(keep.mul(candidate));
      },
      /sigmoids of/,
    ],
  ],
});
