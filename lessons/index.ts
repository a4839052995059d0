// What only the course needs, in the order in which the lessons use it.

// Lesson 01: automatic differentiation from scratch.
export {
  checkGradient,
  checkTensorGradient,
  type GradientCheck,
  type GradientRule,
  graphOf,
  Neuron,
  type Operation,
  type ScalarActivation,
  ScalarNetwork,
  Value,
  ValueError,
  type ValueGraph,
} from "./autograd";

// Exercises: what a student's answer is checked by.
export {
  type Check,
  check,
  closeTo,
  course,
  type Exercise,
  ExerciseError,
  exercise,
  exercisesOf,
  hint,
  judge,
  type Lesson,
  type Mistake,
  NotTried,
  type OutcomeOptions,
  outcome,
  type Prediction,
  type Progress,
  predict,
  progress,
  sameShape,
  solution,
  VERDICT_TYPE,
  type Verdict,
  type VerdictData,
  yourCode,
} from "./exercises";
// How much a lesson computes.
export { byMode, type LessonMode, lessonMode, type ValuesByMode } from "./mode";

// Lesson 04: curves that fit too well.
export {
  fitLegendre,
  fitPolynomial,
  type Polynomial,
  PolynomialError,
  type PolynomialOptions,
} from "./polynomial";

// Lesson 05: the update rules, written to be read, and surfaces to try them on.
export {
  type Descendable,
  type DescendOptions,
  descend,
  rules,
  surfaces,
  type Trace,
} from "./rules";
