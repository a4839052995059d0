import * as annaKarenina from "./annaKarenina";
import * as autograd from "./autograd";
import * as backwardPass from "./backwardPass";
import * as engine from "./engine";
import * as faults from "./faults";
import * as hyperparameters from "./hyperparameters";
import * as kerasLayers from "./kerasLayers";
import * as mnistRows from "./mnistRows";
import * as optimizers from "./optimizers";
import * as overfitting from "./overfitting";
import * as presidents from "./presidents";
import * as recurrentNets from "./recurrentNets";
import * as trainingLoop from "./trainingLoop";
import * as updateRules from "./updateRules";
import * as welcome from "./welcome";

export { closeTo, sameShape } from "./compare";
export { type Check, ExerciseError, exercise } from "./exercise";
export { type Exercise, judge, type Mistake, type Verdict } from "./judge";
export { NotTried, yourCode } from "./notTried";
export { type OutcomeOptions, outcome, type Prediction, predict } from "./predict";

/** The exercises of each lesson, by the name of their file in this folder. */
export const exercisesOf = {
  annaKarenina,
  autograd,
  backwardPass,
  engine,
  faults,
  hyperparameters,
  kerasLayers,
  mnistRows,
  optimizers,
  overfitting,
  presidents,
  recurrentNets,
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
  ...autograd,
  ...backwardPass,
  ...engine,
  ...faults,
  ...hyperparameters,
  ...kerasLayers,
  ...mnistRows,
  ...optimizers,
  ...overfitting,
  ...presidents,
  ...recurrentNets,
  ...trainingLoop,
  ...updateRules,
  ...welcome,
};
