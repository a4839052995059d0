import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.updateRules;

// That the answers, the course's rules, are TensorFlow's is proved in test/lessons/rules.
proveExercises(lesson);

tryForms("mendedDescent", lesson.mendedDescent, {
  right: [
    (w, loss, state = {}, { learningRate = 0.01 } = {}) => {
      const step = loss.gradient(w).map((g) => -learningRate * g);
      return { parameters: w.map((wi, i) => wi + step[i]), state };
    },
    (w, loss, _state, options = {}) => {
      const { learningRate = 0.01 } = options;
      const parameters = [...w];
      for (const [i, g] of loss.gradient(w).entries()) {
        parameters[i] -= g * learningRate;
      }
      return { parameters, state: {} };
    },
    (w, loss, _state, { learningRate = 0.01 } = {}) => {
      const gradient = loss.gradient([...w]);
      return { parameters: Array.from(w, (wi, i) => wi - gradient[i] * learningRate), state: {} };
    },
  ],
  wrong: [
    [(w) => ({ parameters: [...w], state: {} }), /w - η g/],
    [
      (w, loss, _state, { learningRate = 0.01 } = {}) => ({
        parameters: w.map((wi, i) => wi + learningRate * loss.gradient(w)[i]),
        state: {},
      }),
      /climbs/,
    ],
    [
      (w, loss) => ({ parameters: w.map((wi, i) => wi - loss.gradient(w)[i]), state: {} }),
      /w - η g/,
    ],
    [
      (w, loss, _state, { learningRate = 0.01 } = {}) => ({
        parameters: w.map((wi, i) => wi - learningRate * Math.sign(loss.gradient(w)[i])),
        state: {},
      }),
      /w - η g/,
    ],
    [
      (w, loss, _state, { learningRate = 0.01 } = {}) => ({
        parameters: w.map((wi) => wi - learningRate * loss.gradient(w)[0]),
        state: {},
      }),
      /w - η g/,
    ],
  ],
});

type Nesterov = typeof lesson.nesterovRule.exercise.answer;
const zerosLike = (w: readonly number[]) => Array.from(w, () => 0);

/** Nesterov's method with something else in one of its places. */
const nesterovWith =
  (next: (v: number, g: number, gamma: number, rate: number) => number, sign = 1): Nesterov =>
  (w, loss, { velocity = zerosLike(w) } = {}, { learningRate = 0.01, momentum = 0.9 } = {}) => {
    const g = loss.gradient(w.map((wi, i) => wi + sign * momentum * velocity[i]));
    const v = velocity.map((vi, i) => next(vi, g[i], momentum, learningRate));
    return { parameters: w.map((wi, i) => wi + sign * v[i]), state: { velocity: v } };
  };

tryForms("nesterovRule", lesson.nesterovRule, {
  right: [
    // With the velocity pointing uphill, all signs the other way round.
    nesterovWith((v, g, gamma, rate) => gamma * v + rate * g, -1),
    (w, loss, { velocity = zerosLike(w) } = {}, { learningRate = 0.01, momentum = 0.9 } = {}) => {
      const ahead = w.map((wi, i) => wi + momentum * velocity[i]);
      const g = loss.gradient(ahead);
      const parameters = ahead.map((each, i) => each - learningRate * g[i]);
      return { parameters, state: { velocity: parameters.map((each, i) => each - w[i]) } };
    },
    (w, loss, state = {}, options = {}) => {
      const velocity = [...(state.velocity ?? zerosLike(w))];
      const { learningRate: rate = 0.01, momentum: gamma = 0.9 } = options;
      const g = loss.gradient(w.map((wi, i) => wi + velocity[i] * gamma));
      const parameters = [...w];
      for (let i = 0; i < w.length; i++) {
        velocity[i] = gamma * velocity[i] - rate * g[i];
        parameters[i] += velocity[i];
      }
      return { parameters, state: { velocity } };
    },
  ],
  wrong: [
    [nesterovWith((v, g, gamma, rate) => gamma * v + rate * g), /γ v - η g/],
    [nesterovWith((v, g, gamma, rate) => gamma * v - (1 - gamma) * rate * g), /γ v - η g/],
    [nesterovWith((v, g, _gamma, rate) => v - rate * g), /γ v - η g/],
    [nesterovWith((_v, g, _gamma, rate) => -rate * g), /γ v - η g/],
    [
      (w, loss, { velocity = zerosLike(w) } = {}, { learningRate = 0.01, momentum = 0.9 } = {}) => {
        const g = loss.gradient(w.map((wi, i) => wi + momentum * velocity[i]));
        const v = velocity.map((vi, i) => momentum * vi - learningRate * g[i]);
        return { parameters: w.map((wi, i) => wi + v[i]), state: { velocity: zerosLike(w) } };
      },
      /γ v - η g|velocity/,
    ],
  ],
});

type RmsProp = typeof lesson.rmsPropRule.exercise.answer;
const rmsPropWith =
  (scale: (s: number, epsilon: number) => number, square = (g: number) => g * g): RmsProp =>
  (w, loss, { squares = zerosLike(w) } = {}, options = {}) => {
    const { learningRate = 0.001, rho = 0.9, epsilon = 1e-8 } = options;
    const g = loss.gradient(w);
    const s = squares.map((si, i) => rho * si + (1 - rho) * square(g[i]));
    const parameters = w.map((wi, i) => wi - (learningRate * g[i]) / scale(s[i], epsilon));
    return { parameters, state: { squares: s } };
  };

tryForms("rmsPropRule", lesson.rmsPropRule, {
  right: [
    // Keras and PyTorch add ε behind the root.
    rmsPropWith((s, epsilon) => Math.sqrt(s) + epsilon),
    rmsPropWith((s, epsilon) => (s + epsilon) ** 0.5),
    (w, loss, { squares = zerosLike(w) } = {}, options = {}) => {
      const { learningRate = 0.001, rho = 0.9, epsilon = 1e-8 } = options;
      const g = loss.gradient(w);
      const s = squares.map((si, i) => si + (1 - rho) * (g[i] ** 2 - si));
      const steps = g.map((gi, i) => gi / Math.sqrt(s[i] + epsilon));
      return { parameters: w.map((wi, i) => wi - learningRate * steps[i]), state: { squares: s } };
    },
  ],
  wrong: [
    [rmsPropWith((s) => 1 / Math.sqrt(s)), /divided by its root/],
    [rmsPropWith((s, epsilon) => Math.sqrt(s + epsilon), Math.abs), /ρ s/],
    [rmsPropWith((s, epsilon) => -Math.sqrt(s + epsilon)), /climbs|moves by|divided by/],
    [
      (w, loss, _state, { learningRate = 0.001, epsilon = 1e-8 } = {}) => {
        const g = loss.gradient(w);
        const step = (gi: number) => (learningRate * gi) / Math.sqrt(gi * gi + epsilon);
        return { parameters: w.map((wi, i) => wi - step(g[i])), state: { squares: zerosLike(w) } };
      },
      /new mean/,
    ],
    [
      (w, loss, state = {}, options = {}) => {
        const { parameters } = lesson.rmsPropRule.exercise.answer(w, loss, state, options);
        return { parameters, state: { squares: zerosLike(w) } };
      },
      /Return both|remember/,
    ],
  ],
});

type Adam = typeof lesson.adamRule.exercise.answer;
const adamWith =
  (step: (m: number, v: number, b1: number, b2: number, epsilon: number) => number): Adam =>
  (w, loss, state = {}, options = {}) => {
    const { mean = zerosLike(w), squares = zerosLike(w), steps = 0 } = state;
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
    const g = loss.gradient(w);
    const t = steps + 1;
    const m = mean.map((mi, i) => mi * beta1 + g[i] * (1 - beta1));
    const v = squares.map((vi, i) => vi * beta2 + g[i] * g[i] * (1 - beta2));
    const [b1, b2] = [1 - beta1 ** t, 1 - beta2 ** t];
    const parameters = w.map((wi, i) => wi - learningRate * step(m[i], v[i], b1, b2, epsilon));
    return { parameters, state: { mean: m, squares: v, steps: t } };
  };

tryForms("adamRule", lesson.adamRule, {
  right: [
    // The names of the state are nobody else's business.
    (w, loss, state, { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}) => {
      const {
        m = zerosLike(w),
        v = zerosLike(w),
        t = 1,
      } = (state ?? {}) as { m?: number[]; v?: number[]; t?: number };
      const g = loss.gradient(w);
      const next = {
        m: m.map((mi, i) => mi + (1 - beta1) * (g[i] - mi)),
        v: v.map((vi, i) => vi + (1 - beta2) * (g[i] ** 2 - vi)),
        t: t + 1,
      };
      const step = (i: number) =>
        next.m[i] / (1 - beta1 ** t) / (Math.sqrt(next.v[i] / (1 - beta2 ** t)) + epsilon);
      return {
        parameters: w.map((wi, i) => wi - learningRate * step(i)),
        state: next as unknown as ReturnType<Adam>["state"],
      };
    },
    // The order of the paper's remark: one corrected rate for the whole step.
    adamWith((m, v, b1, b2, epsilon) => ((Math.sqrt(b2) / b1) * m) / (Math.sqrt(v) + epsilon)),
    adamWith((m, v, b1, b2, epsilon) => m / b1 / Math.sqrt(v / b2 + epsilon)),
    adamWith((m, v, b1, b2, epsilon) => m / (b1 * ((v / b2) ** 0.5 + epsilon))),
  ],
  wrong: [
    [
      (w, loss, state = {}, options = {}) => {
        const { parameters, state: next } = lesson.adamRule.exercise.answer(
          w,
          loss,
          state,
          options,
        );
        const { beta1 = 0.9, beta2 = 0.999 } = options;
        const [m, v] = [1 - beta1 ** next.steps, 1 - beta2 ** next.steps];
        const mean = next.mean.map((each) => each / m);
        return { parameters, state: { ...next, mean, squares: next.squares.map((s) => s / v) } };
      },
      /remember the means as they are/,
    ],
    [
      (w, loss, state = {}, options = {}) => {
        const { parameters, state: next } = lesson.adamRule.exercise.answer(
          w,
          loss,
          state,
          options,
        );
        return { parameters, state: { ...next, steps: 0 } };
      },
      /number of this step|t = 1/,
    ],
    [adamWith((m, v, b1) => m / b1 / Math.sqrt(v)), /each divided/],
    [adamWith((m, v, _b1, b2) => m / Math.sqrt(v / b2)), /each divided/],
    [adamWith((m, v, b1, b2) => m / b1 / (v / b2)), /each divided/],
    [adamWith((m, v, b1, b2) => -m / b1 / Math.sqrt(v / b2)), /climbs|each divided/],
    [adamWith((m, _v, b1) => m / b1), /each divided/],
  ],
});

type AdamW = typeof lesson.adamWRule.exercise.answer;
const adam = lesson.adamRule.exercise.answer;
const decayedBy =
  (decay: (before: number, after: number, rate: number, lambda: number) => number): AdamW =>
  (w, loss, state = {}, options = {}) => {
    const { learningRate = 0.001, weightDecay = 0.01 } = options;
    const step = adam(w, loss, state, options);
    const decayed = (after: number, i: number) => decay(w[i], after, learningRate, weightDecay);
    return { parameters: step.parameters.map(decayed), state: step.state };
  };

tryForms("adamWRule", lesson.adamWRule, {
  right: [
    decayedBy((before, after, rate, lambda) => (1 - rate * lambda) * before + (after - before)),
    decayedBy((before, after, rate, lambda) => after - before * lambda * rate),
    (w, loss, state = {}, options = {}) => {
      const { learningRate = 0.001, weightDecay = 0.01 } = options;
      const { parameters, state: next } = adam(w, loss, state, options);
      const share = learningRate * weightDecay;
      return { parameters: w.map((wi, i) => parameters[i] - share * wi), state: next };
    },
  ],
  wrong: [
    [decayedBy((_before, after) => after), /nothing decays/],
    [decayedBy((before, after, rate, lambda) => after + rate * lambda * before), /larger/],
    [decayedBy((_before, after, rate, lambda) => (1 - rate * lambda) * after), /λ/],
    [decayedBy((_before, after, rate) => after * (1 - rate)), /λ/],
    [decayedBy((before, after, rate, lambda) => after - rate * lambda * Math.sign(before)), /λ/],
  ],
});
