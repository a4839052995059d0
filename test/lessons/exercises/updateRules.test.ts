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
