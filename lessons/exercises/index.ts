import * as annaKarenina from "./annaKarenina";
import * as attention from "./attention";
import * as autograd from "./autograd";
import * as backwardPass from "./backwardPass";
import * as characterNetwork from "./characterNetwork";
import * as counting from "./counting";
import { nameExercises } from "./course";
import * as engine from "./engine";
import * as faults from "./faults";
import * as gatedCells from "./gatedCells";
import { hintsOf, solutionsOf } from "./hints";
import * as hyperparameters from "./hyperparameters";
import * as kerasLayers from "./kerasLayers";
import * as mnistRows from "./mnistRows";
import * as optimizers from "./optimizers";
import * as overfitting from "./overfitting";
import * as presidents from "./presidents";
import { progressOf } from "./progress";
import * as recurrentNets from "./recurrentNets";
import * as sequenceFaults from "./sequenceFaults";
import * as trainingLoop from "./trainingLoop";
import * as updateRules from "./updateRules";
import * as welcome from "./welcome";

export { closeTo, sameShape } from "./compare";
export { course, type Lesson } from "./course";
export { type Check, ExerciseError, exercise } from "./exercise";
export { type Exercise, judge, type Mistake, type Verdict } from "./judge";
export { NotTried, yourCode } from "./notTried";
export { type OutcomeOptions, outcome, type Prediction, predict } from "./predict";
export type { Progress } from "./progress";
export { VERDICT_TYPE, type VerdictData } from "./verdictData";

/** The exercises of each lesson, by the name of their file in this folder. */
export const exercisesOf = {
  annaKarenina,
  attention,
  autograd,
  backwardPass,
  characterNetwork,
  counting,
  engine,
  faults,
  gatedCells,
  hyperparameters,
  kerasLayers,
  mnistRows,
  optimizers,
  overfitting,
  presidents,
  recurrentNets,
  sequenceFaults,
  trainingLoop,
  updateRules,
  welcome,
};

/**
 * The exercises of all lessons: `check.<exercise>(answer)` says whether an answer is right and what to
 * look at where it is not.
 */
export const check = {
  ...annaKarenina,
  ...attention,
  ...autograd,
  ...backwardPass,
  ...characterNetwork,
  ...counting,
  ...engine,
  ...faults,
  ...gatedCells,
  ...hyperparameters,
  ...kerasLayers,
  ...mnistRows,
  ...optimizers,
  ...overfitting,
  ...presidents,
  ...recurrentNets,
  ...sequenceFaults,
  ...trainingLoop,
  ...updateRules,
  ...welcome,
};

nameExercises(check);

/**
 * Hints in three steps: `hint.<exercise>()` gives a nudge, called again the hint, and then says where the
 * solution is.
 */
export const hint = hintsOf(check);

/** `solution.<exercise>()` shows the lesson's own solution of an exercise. */
export const solution = solutionsOf(check);

/** How far you have come: `progress()` shows a map of the course, `progress("01")` a lesson's exercises. */
export const progress = progressOf(check);
