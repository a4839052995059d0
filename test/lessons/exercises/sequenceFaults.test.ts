import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.sequenceFaults;
proveExercises(lesson);

type Net = { u: number; w: number; v: number };

const statesOf = ({ u, w }: Net, xs: number[]) => {
  const states: number[] = [];
  for (const x of xs) {
    states.push(Math.tanh(u * x + w * (states[states.length - 1] ?? 0)));
  }
  return states;
};
const lossOf = (net: Net, xs: number[], ys: number[]) =>
  statesOf(net, xs).reduce((sum, h, t) => sum + (net.v * h - ys[t]) ** 2 / 2, 0);

/** By differences: no way back at all. */
const byDifferences = (net: Net, xs: number[], ys: number[]): Net => {
  const slope = (name: keyof Net) => {
    const [up, down] = [1e-5, -1e-5].map((e) => lossOf({ ...net, [name]: net[name] + e }, xs, ys));
    return (up - down) / 2e-5;
  };
  return { u: slope("u"), w: slope("w"), v: slope("v") };
};

/** Forwards, with ∂h/∂u and ∂h/∂w carried along (real-time recurrent learning). */
const forwards = ({ u, w, v }: Net, xs: number[], ys: number[]): Net => {
  let [h, byU, byW] = [0, 0, 0];
  const gradient = { u: 0, w: 0, v: 0 };
  for (const [t, x] of xs.entries()) {
    const next = Math.tanh(u * x + w * h);
    const slope = 1 - next * next;
    [byU, byW, h] = [slope * (x + w * byU), slope * (h + w * byW), next];
    const out = v * h - ys[t];
    gradient.u += out * v * byU;
    gradient.w += out * v * byW;
    gradient.v += out * h;
  }
  return gradient;
};

/** By recursion over the rest of the sequence. */
const recursive = ({ u, w, v }: Net, xs: number[], ys: number[]): Net => {
  const walk = (before: number, t: number): Net & { back: number } => {
    if (t === xs.length) {
      return { u: 0, w: 0, v: 0, back: 0 };
    }
    const h = Math.tanh(u * xs[t] + w * before);
    const rest = walk(h, t + 1);
    const out = v * h - ys[t];
    const dz = (v * out + rest.back) * (1 - h ** 2);
    return {
      u: rest.u + dz * xs[t],
      w: rest.w + dz * before,
      v: rest.v + out * h,
      back: dz * w,
    };
  };
  const { back, ...gradient } = walk(0, 0);
  return gradient;
};

tryForms("mendedBackward", lesson.mendedBackward, {
  right: [byDifferences, forwards, recursive],
  wrong: [
    [(net, xs, ys) => ({ ...forwards(net, xs, ys), w: 0 }), /Two lines/],
    [
      (net, xs, ys) => {
        const { u, w, v } = forwards(net, xs, ys);
        return { u: -u, w: -w, v: -v };
      },
      /sign/,
    ],
    [
      (net, xs, ys) => {
        const { u, w, v } = forwards(net, xs, ys);
        return { u: u * 2, w: w * 2, v: v * 2 };
      },
      /2 times/,
    ],
    [(net, xs, ys) => forwards(net, xs.slice(0, 1), ys.slice(0, 1)), /Two lines|right/],
    [(net, xs, ys) => ({ ...forwards(net, xs, ys), v: 0 }), /Two lines|right/],
  ],
});

type Step = (state: number[], code: number) => { state: number[]; p: number[] };

tryForms("mendedScore", lesson.mendedScore, {
  right: [
    (windows, targets, start, step) => {
      const [codes, right] = [windows.flat(), targets.flat()];
      let state = start;
      const losses = codes.map((code, t) => {
        const seen = step(state, code);
        state = seen.state;
        return -Math.log(seen.p[right[t]]);
      });
      return losses.reduce((a, b) => a + b) / losses.length;
    },
    (windows, targets, start, step) => {
      const read = (state: number[], codes: number[], right: number[]): number =>
        codes.length === 0
          ? 0
          : read(step(state, codes[0]).state, codes.slice(1), right.slice(1)) -
            Math.log(step(state, codes[0]).p[right[0]]);
      return read(start, windows.flat(), targets.flat()) / windows.flat().length;
    },
    (windows, targets, start, step) => {
      // The logarithm of the product of all probabilities.
      let [product, count] = [1, 0];
      windows.reduce(
        (begin, window, b) =>
          window.reduce((state, code, t) => {
            const { p, state: next } = step(state, code);
            product *= p[targets[b][t]];
            count++;
            return next;
          }, begin),
        start,
      );
      return -Math.log(product) / count;
    },
  ],
  wrong: [
    [
      // The mean of the windows' means.
      (windows, targets, start, step: Step) => {
        let state = start;
        const means = windows.map((window, b) => {
          let sum = 0;
          for (const [t, code] of window.entries()) {
            const seen = step(state, code);
            [state, sum] = [seen.state, sum - Math.log(seen.p[targets[b][t]])];
          }
          return sum / window.length;
        });
        return means.reduce((a, b) => a + b) / means.length;
      },
      /The state that one window ends with|right/,
    ],
    [
      (windows, targets, start, step) => {
        let [state, sum] = [start, 0];
        for (const [t, code] of windows.flat().entries()) {
          const seen = step(state, code);
          [state, sum] = [seen.state, sum + Math.log(seen.p[targets.flat()[t]])];
        }
        return sum / windows.flat().length;
      },
      /sign/,
    ],
    [
      (windows, targets, start, step) => {
        let [state, sum] = [start, 0];
        for (const [t, code] of windows.flat().entries()) {
          const seen = step(state, code);
          [state, sum] = [seen.state, sum - Math.log2(seen.p[targets.flat()[t]])];
        }
        return sum / windows.flat().length;
      },
      /times what they should be/,
    ],
    [
      // Each window from the state that the first one ended with.
      (windows, targets, start, step) => {
        let sum = 0;
        const first = windows[0].reduce((state, code) => step(state, code).state, start);
        for (const [b, window] of windows.entries()) {
          let state = b === 0 ? start : first;
          for (const [t, code] of window.entries()) {
            const seen = step(state, code);
            [state, sum] = [seen.state, sum - Math.log(seen.p[targets[b][t]])];
          }
        }
        return sum / windows.flat().length;
      },
      /The state that one window ends with|right/,
    ],
    [() => Math.log(4), /The state that one window ends with|right/],
  ],
});

const [A, B, C, D, E] = lesson.logFaults.exercise.answer;
tryForms("logFaults", lesson.logFaults, {
  right: [
    [A, B, C, D, E],
    [
      "Targets shuffled",
      "Rate too large",
      "Text too short",
      "Targets are inputs",
      "Rate too small",
    ],
    [` ${A}`, `${B} `, C, D, E],
  ],
  wrong: [
    [[B, A, C, D, E], /worse/],
    [[A, B, E, D, C], /C again/],
    [[A, B, C, E, D], /D again/],
    [["dropout", B, C, D, E], /in the words of the list/],
    [[E, B, C, D, A], /A and E/],
    [[A, B, D, C, E], /C and D/],
  ],
});

tryForms("mendedSteps", lesson.mendedSteps, {
  right: [
    (pixels, N, T, D) => {
      const digits = Array.from({ length: N }, (_, n) =>
        Array.from({ length: T }, (_, t) => pixels.slice(n * T * D).slice(t * D, t * D + D)),
      );
      return digits[0].map((_, t) => digits.map((digit) => digit[t]));
    },
    (pixels, N, T, D) => {
      const steps: number[][][] = Array.from({ length: T }, () =>
        Array.from({ length: N }, () => [] as number[]),
      );
      for (const [i, pixel] of pixels.entries()) {
        steps[Math.floor(i / D) % T][Math.floor(i / (T * D))].push(pixel);
      }
      return steps;
    },
    (pixels, N, T, D) => {
      const rows: number[][] = [];
      for (let i = 0; i < pixels.length; i += D) {
        rows.push(pixels.slice(i, i + D));
      }
      return Array.from({ length: T }, (_, t) =>
        rows.filter((_, row) => row % T === t).slice(0, N),
      );
    },
  ],
  wrong: [
    [
      (pixels, N, T, D) =>
        Array.from({ length: T }, (_, t) =>
          Array.from({ length: N }, (_, n) => pixels.slice(t * D, t * D + D).map((p) => p + 0 * n)),
        ),
      /A digit has T rows/,
    ],
    [
      (pixels, N, T, D) =>
        Array.from({ length: T }, (_, t) =>
          Array.from({ length: N }, (_, n) => pixels.slice((n * T + t) * D, (n * T + t) * D + T)),
        ),
      /shape|elements|A digit has T rows/,
    ],
    [
      (pixels, N, T, D) =>
        Array.from({ length: T }, (_, t) =>
          Array.from({ length: N }, (_, n) => {
            const digit = N - 1 - n;
            return pixels.slice((digit * T + t) * D, (digit * T + t + 1) * D);
          }),
        ),
      /A digit has T rows|right/,
    ],
    [
      (pixels, N, T, D) =>
        Array.from({ length: T }, (_, t) =>
          Array.from({ length: N }, (_, n) =>
            pixels.slice((n * T + t) * D, (n * T + t + 1) * D).reverse(),
          ),
        ),
      /A digit has T rows|right/,
    ],
    [() => [], /elements|shape/],
  ],
});
