import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.overfitting;
proveExercises(lesson);

test("four diagnoses that are not given yet are not tried", () => {
  assert.equal(judge(lesson.diagnose.exercise, ["", "", "", ""]).kind, "not tried");
});

test("one missing diagnosis is a mistake", () => {
  const verdict = judge(lesson.diagnose.exercise, ["overfits", "underfits", "", "overfits"]);
  assert.equal(verdict.kind, "wrong");
});

test("early stopping may be written otherwise", () => {
  const answer = (losses: number[], patience: number) => {
    for (let epoch = 1; epoch <= losses.length; epoch++) {
      const seen = losses.slice(0, epoch);
      const best = seen.indexOf(Math.min(...seen)) + 1;
      if (epoch - best === patience) {
        return epoch;
      }
    }
    return losses.length;
  };
  assert.equal(judge(lesson.stopsAfter.exercise, answer).kind, "right");
});

tryForms("diagnose", lesson.diagnose, {
  right: [
    ["overfits", "underfits", "neither", "overfits"],
    "overfits,underfits,neither,overfits".split(","),
    ["Overfits", "underfits", " neither", "overfits"],
  ],
  wrong: [
    [["overfits", "underfits", "neither", "neither"], /D again/],
    [["overfits", "neither", "neither", "overfits"], /B again/],
    [["overfits", "underfits", "underfits", "overfits"], /C again/],
    [["underfits", "underfits", "neither", "overfits"], /A again/],
    [["overfits", "underfits"], /D again|should have 4/],
    [["overfitting", "underfitting", "neither", "overfitting"], /three words/],
    [["overfits", "underfits", "fine", "overfits"], /three words/],
  ],
});

tryForms("withL2", lesson.withL2, {
  right: [
    (loss, weights, strength) => weights.reduce((sum, w) => sum + strength * w ** 2, loss),
    (loss, weights, strength) => loss + strength * Math.hypot(...weights) ** 2,
    (loss, weights, strength) => {
      let penalty = 0;
      for (const w of weights) {
        penalty += Math.abs(w) * Math.abs(w);
      }
      return loss + penalty * strength;
    },
  ],
  wrong: [
    [(loss, weights, strength) => loss + strength * Math.hypot(...weights), /No root/],
    [(loss, weights) => loss + weights.reduce((sum, w) => sum + w * w, 0), /times the sum/],
    [(loss, weights, strength) => loss * strength * weights.reduce((s, w) => s + w * w, 0), /add/],
    [
      (loss, weights, strength) => loss + strength ** 2 * weights.reduce((s, w) => s + w * w, 0),
      /add/,
    ],
    [(loss) => loss, /times the sum/],
  ],
});

tryForms("dropOut", lesson.dropOut, {
  right: [
    (values, keep, rate) => values.map((value, i) => (value * Number(keep[i])) / (1 - rate)),
    (values, keep, rate) => {
      const factor = 1 / (1 - rate);
      const blanked = values.slice();
      keep.forEach((stays, i) => {
        blanked[i] = stays ? blanked[i] * factor : 0;
      });
      return blanked;
    },
    (values, keep, rate) => keep.map((stays, i) => (stays ? values[i] / (1 - rate) : 0)),
  ],
  wrong: [
    [(values) => values.map((value) => value), /becomes 0/],
    [(values, keep, rate) => values.map((v, i) => (keep[i] ? v * (1 + rate) : 0)), /1 - rate/],
    [(values, keep, rate) => values.map((v, i) => (keep[i] ? v / (1 - rate) : v)), /becomes 0/],
    [
      (values, keep) => {
        const kept = keep.filter(Boolean).length / keep.length;
        return values.map((v, i) => (keep[i] ? v / kept : 0));
      },
      /1 - rate/,
    ],
    [(values, keep, rate) => values.flatMap((v, i) => (keep[i] ? [v / (1 - rate)] : [])), /place/],
  ],
});

tryForms("stopsAfter", lesson.stopsAfter, {
  right: [
    (losses, patience) => {
      let [best, waited] = [Number.POSITIVE_INFINITY, 0];
      for (const [i, loss] of losses.entries()) {
        waited = loss < best ? 0 : waited + 1;
        best = Math.min(best, loss);
        if (waited >= patience) {
          return i + 1;
        }
      }
      return losses.length;
    },
    (losses, patience) => {
      const end = losses.findIndex((_, i) => {
        const before = Math.min(...losses.slice(0, Math.max(0, i - patience + 1)));
        return (
          i >= patience && losses.slice(i - patience + 1, i + 1).every((loss) => loss >= before)
        );
      });
      return end === -1 ? losses.length : end + 1;
    },
    (losses, patience) => {
      let bestAt = 0;
      let epoch = 1;
      while (epoch < losses.length && epoch - bestAt <= patience) {
        if (losses[epoch] < losses[bestAt]) {
          bestAt = epoch;
        }
        epoch += 1;
        if (epoch - 1 - bestAt === patience) {
          break;
        }
      }
      return epoch;
    },
  ],
  wrong: [
    [(losses) => losses.length, /Keep the best loss/],
    [(_losses, patience) => patience, /Keep the best loss/],
    [(losses) => losses.indexOf(Math.min(...losses)), /Keep the best loss|best epoch/],
    [
      (losses, patience) => losses.indexOf(Math.min(...losses)) + 1 + patience,
      /Keep the best loss/,
    ],
    [(losses) => losses.findIndex((loss, i) => i > 0 && loss > losses[i - 1]) + 1, /best loss/],
  ],
});

tryForms("chooseDegree", lesson.chooseDegree, {
  right: [
    (_training, validation) =>
      validation.reduce((best, error, i) => (error < validation[best] ? i : best), 0),
    (_training, validation) =>
      validation.map((error, i) => [error, i]).sort(([a], [b]) => a - b)[0][1],
    (training, validation) => {
      let degree = 0;
      for (let i = 1; i < training.length; i++) {
        if (validation[i] < validation[degree]) {
          degree = i;
        }
      }
      return degree;
    },
  ],
  wrong: [
    [(training) => training.length - 1, /training error falls/],
    [(_t, validation) => validation.indexOf(Math.max(...validation)), /not fitted to/],
    [
      (training, validation) => {
        const sums = training.map((error, i) => error + validation[i]);
        return sums.indexOf(Math.min(...sums));
      },
      /votes for more capacity/,
    ],
    [() => 2, /not fitted to/],
    [(_t, validation) => validation.indexOf(Math.min(...validation)) - 1, /not fitted to/],
  ],
});
