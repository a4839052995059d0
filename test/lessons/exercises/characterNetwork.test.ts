import assert from "node:assert/strict";
import { test } from "node:test";
import {
  keepTopK,
  keepTopP,
  ready,
  sequenceBatches,
  sparseSoftmaxCrossEntropy,
  tf,
} from "karenina";
import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.characterNetwork;
proveExercises(lesson);

test("the answers compute what the library computes", async () => {
  await ready();
  const codes = Int32Array.from({ length: 1003 }, (_, i) => (i * i) % 97);
  const theirs = [...sequenceBatches(codes, { batchSize: 7, steps: 11 })];
  assert.equal(theirs.length, 13);
  for (const [b, { x, y }] of theirs.entries()) {
    const own = lesson.batchAt.exercise.answer([...codes], 7, 11, b);
    assert.deepEqual(own, {
      x: x.map((row) => [...row]),
      y: y.map((row) => [...row]),
    });
  }
  tf.tidy(() => {
    const logits = tf.randomNormal([6, 5], 0, 1, "float32", 1) as tf.Tensor2D;
    const targets = tf.tensor1d([4, 0, 1, 1, 3, 2], "int32");
    const own = lesson.oneHotLoss.exercise.answer(logits, targets, 5).dataSync()[0];
    assert.ok(Math.abs(own - sparseSoftmaxCrossEntropy(logits, targets).dataSync()[0]) < 1e-6);
  });
  const p = Array.from({ length: 40 }, (_, i) => Math.abs(Math.sin(3 * i + 1)));
  const kept = lesson.keepLikeliest.exercise.answer(p, 5);
  keepTopK(p, 5).forEach((each, i) => {
    assert.ok(Math.abs(each - kept[i]) < 1e-12);
  });
  const sum = p.reduce((a, b) => a + b);
  const all = p.map((each) => each / sum);
  for (const share of [0.05, 0.5, 0.9, 0.999]) {
    const own = lesson.keepNucleus.exercise.answer(all, share);
    keepTopP(all, share).forEach((each, i) => {
      assert.ok(Math.abs(each - own[i]) < 1e-12);
    });
  }
});

tryForms("batchAt", lesson.batchAt, {
  right: [
    (codes, N, T, b) => {
      const W = T * Math.floor((codes.length - 1) / (N * T));
      const rows = (shift: number) =>
        Array.from({ length: N }, (_, n) => codes.slice(n * W + b * T + shift).slice(0, T));
      return { x: rows(0), y: rows(1) };
    },
    (codes, N, T, b) => {
      const count = Math.trunc((codes.length - 1) / N / T);
      const [x, y]: number[][][] = [[], []];
      for (let row = 0; row < N; row++) {
        x.push([]);
        y.push([]);
        for (let t = 0; t < T; t++) {
          const place = (row * count + b) * T + t;
          x[row].push(codes[place]);
          y[row].push(codes[place + 1]);
        }
      }
      return { x, y };
    },
    (codes, N, T, b) => {
      // All rows of the text first, one code longer than they are, then the window.
      const W = T * (((codes.length - 1) / (N * T)) | 0);
      const rows = [...Array(N).keys()].map((n) => codes.filter((_, i) => i >= n * W));
      const x = rows.map((row) => row.slice(b * T, (b + 1) * T));
      return { x, y: rows.map((row) => row.slice(b * T + 1, (b + 1) * T + 1)) };
    },
  ],
  wrong: [
    [
      (codes, _N, T, b) => ({ x: [codes.slice(b * T)], y: [codes.slice(b * T + 1)] }),
      /should be \[3, 4\]/,
    ],
    [
      (codes, N, T, b) => {
        const W = T * Math.floor((codes.length - 1) / (N * T));
        const x = Array.from({ length: N }, (_, n) =>
          codes.slice(n * W + b * T, n * W + b * T + T),
        );
        // np.roll along the row: the upstream program's targets.
        return { x, y: x.map(([first, ...rest]) => [...rest, first]) };
      },
      /article's own fault/,
    ],
    [
      (codes, N, T, b) => {
        const rows = (shift: number) =>
          Array.from({ length: N }, (_, n) => {
            const begin = (b * N + n) * T + shift;
            return codes.slice(begin, begin + T);
          });
        return { x: rows(0), y: rows(1) };
      },
      /row n must go on where row n/,
    ],
    [
      (codes, N, T, b) => {
        const W = Math.trunc((codes.length - 1) / N);
        const x = [...Array(N).keys()].map((n) => codes.slice(n * W).slice(b * T, b * T + T));
        return { x, y: x.map((row) => row.map((code) => code + 1)) };
      },
      /whole number of windows/,
    ],
    [
      (codes, N, T, b) => {
        const { x, y } = lesson.batchAt.exercise.answer(codes, N, T, b + 1);
        return { x, y };
      },
      /n W \+ b T/,
    ],
    [
      (codes, N, T, b) => {
        const { x, y } = lesson.batchAt.exercise.answer(codes, N, T, b);
        return { x: y, y: x };
      },
      /n W \+ b T/,
    ],
  ],
});

tryForms("oneHotLoss", lesson.oneHotLoss, {
  right: [
    (logits, targets, numClasses) =>
      tf.losses.softmaxCrossEntropy(tf.oneHot(targets, numClasses), logits).asScalar(),
    (logits, targets) => sparseSoftmaxCrossEntropy(logits, targets).asScalar(),
    (logits, targets, numClasses) => {
      const right = tf.sum(tf.mul(tf.oneHot(targets, numClasses), logits), 1);
      return tf.mean(tf.sub(tf.logSumExp(logits, 1), right)).asScalar();
    },
    (logits, targets, numClasses) => {
      const p = tf.sum(tf.mul(tf.oneHot(targets, numClasses), tf.softmax(logits)), 1);
      return tf.mean(tf.neg(tf.log(p))).asScalar();
    },
  ],
  wrong: [
    [
      (logits, targets, numClasses) =>
        tf.neg(tf.mean(tf.logSoftmax(logits).mul(tf.oneHot(targets, numClasses)))).asScalar(),
      /number of classes/,
    ],
    [
      (logits, targets, numClasses) =>
        tf.neg(tf.sum(tf.logSoftmax(logits).mul(tf.oneHot(targets, numClasses)))).asScalar(),
      /sum over the rows/,
    ],
    [
      (logits, targets, numClasses) =>
        tf.neg(tf.losses.softmaxCrossEntropy(tf.oneHot(targets, numClasses), logits)).asScalar(),
      /sign/i,
    ],
    [
      (logits, targets, numClasses) =>
        tf.losses
          .softmaxCrossEntropy(tf.oneHot(targets, numClasses), tf.softmax(logits))
          .asScalar(),
      /twice/,
    ],
    // The loss is right, but no gradient comes back through a number.
    [
      (logits, targets) => tf.scalar(sparseSoftmaxCrossEntropy(logits, targets).dataSync()[0]),
      /gradient/i,
    ],
    [
      (logits, targets, numClasses) =>
        tf.sum(
          tf.mul(tf.oneHot(targets, numClasses), tf.neg(tf.logSoftmax(logits))),
          1,
        ) as unknown as tf.Scalar,
      /then the mean over the rows/,
    ],
  ],
});

tryForms("keepLikeliest", lesson.keepLikeliest, {
  right: [
    (p, n) => [...keepTopK(p, n)],
    (p, n) => {
      const rest = [...p];
      const kept = p.map(() => 0);
      for (let k = 0; k < Math.min(n, p.length); k++) {
        const best = rest.indexOf(Math.max(...rest));
        kept[best] = p[best];
        rest[best] = -1;
      }
      const sum = kept.reduce((a, b) => a + b, 0);
      return kept.map((each) => each / sum);
    },
    (p, n) => {
      // As the article: argsort ascending, all but the last n become 0; equal ones stay by the other end.
      const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
      const out = [...p];
      for (const i of order.slice(0, Math.max(0, p.length - n))) {
        out[i] = 0;
      }
      const sum = out.reduce((a, b) => a + b);
      return out.map((each) => each / sum);
    },
  ],
  wrong: [
    [
      (p, n) => {
        const least = [...p].sort((a, b) => b - a)[n - 1];
        return p.map((each) => (each >= least ? each : 0));
      },
      /sum of what is left/,
    ],
    [
      (p, n) => {
        const least = [...p].sort((a, b) => b - a)[Math.min(n, p.length) - 1];
        const kept = p.map((each) => (each >= least ? each : 0));
        const sum = kept.reduce((a, b) => a + b);
        return kept.map((each) => each / sum);
      },
      /equal, more than n stay/,
    ],
    [
      (p, n) => {
        p.sort((a, b) => b - a);
        const sum = p.slice(0, n).reduce((a, b) => a + b);
        return p.map((each, i) => (i < n ? each / sum : 0));
      },
      /changes its argument 1/,
    ],
    [(p, n) => p.map((each) => (each > 1 / n ? each : 0)), /keep the first n/],
    [
      (p, n) => {
        const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
        const kept = p.map((each, i) => (order.slice(0, n).includes(i) ? each : 0));
        const sum = kept.reduce((a, b) => a + b);
        return kept.map((each) => each / sum);
      },
      /least likely/,
    ],
    [(p, n) => p.map((each, i) => (i < n ? each : 0)), /keep the first n/],
  ],
});

/** What stays, by place, divided by its sum. */
const normalised = (kept: number[]) => {
  const sum = kept.reduce((a, b) => a + b, 0);
  return kept.map((each) => each / sum);
};

tryForms("keepNucleus", lesson.keepNucleus, {
  right: [
    (probabilities, p) => [...keepTopP(probabilities, p)],
    (probabilities, p) => {
      const rest = [...probabilities];
      const kept = probabilities.map(() => 0);
      for (let sum = 0; sum < p; ) {
        const best = rest.indexOf(Math.max(...rest));
        kept[best] = probabilities[best];
        sum += probabilities[best];
        rest[best] = -1;
      }
      return normalised(kept);
    },
    (probabilities, p) =>
      // A symbol stays where those before it have less than p.
      normalised(
        probabilities.map((each, i) => {
          const before = probabilities.filter((q, j) => q > each || (q === each && j < i));
          return before.reduce((a, b) => a + b, 0) < p ? each : 0;
        }),
      ),
  ],
  wrong: [
    [
      (probabilities, p) => {
        const sorted = [...probabilities].sort((a, b) => b - a);
        const isBelow = (_: number, k: number) =>
          sorted.slice(0, k + 1).reduce((a, b) => a + b) < p;
        const kept = sorted.filter(isBelow);
        return probabilities.map((each) => (kept.includes(each) ? each : 0));
      },
      /gets to p has to stay/,
    ],
    [
      (probabilities, p) => {
        let sum = 0;
        const order = probabilities.map((_, i) => i);
        order.sort((i, j) => probabilities[j] - probabilities[i]);
        const kept = new Set(
          order.filter((i) => {
            sum += probabilities[i];
            return sum <= p;
          }),
        );
        return normalised(probabilities.map((each, i) => (kept.has(i) ? each : 0)));
      },
      /gets to p has to stay/,
    ],
    [
      (probabilities, p) => {
        const order = probabilities.map((_, i) => i);
        order.sort((i, j) => probabilities[j] - probabilities[i]);
        const kept = probabilities.map(() => 0);
        let sum = 0;
        for (const i of order) {
          kept[i] = probabilities[i];
          sum += probabilities[i];
          if (sum > p) {
            break;
          }
        }
        return normalised(kept);
      },
      /exactly p/,
    ],
    [
      (probabilities, p) => {
        const kept: number[] = [];
        for (const each of [...probabilities].sort((a, b) => b - a)) {
          kept.push(each);
          if (kept.reduce((a, b) => a + b) >= p) {
            break;
          }
        }
        return probabilities.map((each) => (kept.includes(each) ? each : 0));
      },
      /sum of those that stay/,
    ],
    [
      (probabilities, p) => {
        const kept: number[] = [];
        for (const each of [...probabilities].sort((a, b) => b - a)) {
          kept.push(each);
          if (kept.reduce((a, b) => a + b) >= p) {
            break;
          }
        }
        return probabilities.map((each) => (kept.includes(each) ? each / p : 0));
      },
      /You divide by p/,
    ],
    [
      (probabilities, p) => {
        let sum = 0;
        const sorted = [...probabilities].sort((a, b) => b - a);
        return normalised(
          sorted.map((each) => {
            const stays = sum < p;
            sum += each;
            return stays ? each : 0;
          }),
        );
      },
      /in sorted order/,
    ],
    [
      (probabilities, p) => {
        let sum = 0;
        const sorted = [...probabilities].sort((a, b) => b - a);
        return normalised(
          sorted.filter((each) => {
            const stays = sum < p;
            sum += each;
            return stays;
          }),
        );
      },
      /2 elements, but should have 4/,
    ],
    [
      (probabilities, p) => {
        let sum = 0;
        return normalised(
          probabilities.map((each) => {
            const stays = sum < p;
            sum += each;
            return stays ? each : 0;
          }),
        );
      },
      /order of their codes/,
    ],
    [
      (probabilities, p) => normalised(probabilities.map((each) => (each >= 1 - p ? each : 0))),
      /threshold/,
    ],
    [
      (probabilities, p) => {
        probabilities.sort((a, b) => b - a);
        return [...keepTopP(probabilities, p)];
      },
      /changes its argument 1/,
    ],
    [(probabilities) => [...keepTopK(probabilities, 5)], /Keep places as long as/],
  ],
});
