import type { Exercise } from "./judge";

/** A lesson and its exercises, in the order in which they stand there. */
export interface Lesson {
  /** The notebook's name: "00-welcome". */
  lesson: string;
  title: string;
  /** Names of `check`. */
  exercises: readonly string[];
}

/** What the notebooks ask, in reading order. `test/lessons/exercises/course.test.ts` compares the two. */
export const course: readonly Lesson[] = [
  {
    lesson: "00-welcome",
    title: "Welcome",
    exercises: ["cellRunThrice", "neuron", "shapeThatFits", "guessFault"],
  },
  {
    lesson: "01-autograd",
    title: "Autograd",
    exercises: [
      "engineExp",
      "engineLog",
      "engineTanh",
      "engineNeuron",
      "slopeByHand",
      "sine",
      "centralSlope",
      "matrixGradient",
      "reverseGradient",
      "moonsFault",
    ],
  },
  {
    lesson: "02-keras-layers",
    title: "Keras layers",
    exercises: [
      "batchLoss",
      "trainingStep",
      "trainingEpoch",
      "backSoftmax",
      "backDense",
      "backRelu",
      "denseParameters",
      "prelu",
      "classifier",
      "standardise",
      "recallOfChinstrap",
      "scale",
      "penguinsFault",
    ],
  },
  {
    lesson: "03-hyperparameters",
    title: "Hyperparameters",
    exercises: [
      "mlpParameters",
      "stepsOfTraining",
      "gridTrainings",
      "scaleForWidth",
      "drawRate",
      "keepingScale",
    ],
  },
  {
    lesson: "04-under-and-overfitting",
    title: "Under- and overfitting",
    exercises: ["diagnose", "chooseDegree", "withL2", "dropOut", "stopsAfter", "dealtRows"],
  },
  {
    lesson: "05-optimizers",
    title: "Optimizers",
    exercises: [
      "nesterovRule",
      "rmsPropRule",
      "adamRule",
      "adamWRule",
      "largestStableRate",
      "stableWithMomentum",
      "halfLife",
      "hessianGigabytes",
      "mendedDescent",
    ],
  },
  {
    lesson: "06-recurrent-nets-from-scratch",
    title: "Recurrent nets from scratch",
    exercises: [
      "writingLoop",
      "gruStep",
      "rnnParameters",
      "leakyStepBack",
      "gradientReach",
      "pairsSeen",
      "keepingGates",
      "lstmBackward",
      "mendedBackward",
    ],
  },
  {
    lesson: "07-anna-karenina",
    title: "Anna Karenina",
    exercises: [
      "batchAt",
      "oneHotLoss",
      "lstmParameters",
      "keepLikeliest",
      "keepNucleus",
      "lossOnRandomLetters",
      "compressedSize",
      "batchCount",
      "perplexity",
      "soften",
      "mendedScore",
    ],
  },
  {
    lesson: "08-talk-like-a-president",
    title: "Talk like a president",
    exercises: [
      "trainingCharacters",
      "rateInEpoch12",
      "symbolsByScore",
      "withoutMarks",
      "warmCosine",
      "updateRatio",
      "logFaults",
    ],
  },
  {
    lesson: "09-mnist-rows",
    title: "Digits, row by row",
    exercises: [
      "greyOf",
      "readRows",
      "epochsOfProgram",
      "confusionCounts",
      "deviationsApart",
      "mendedSteps",
    ],
  },
  {
    lesson: "10-attention",
    title: "Attention",
    exercises: [
      "interpolated",
      "causalAttention",
      "rotatePair",
      "mostFrequentPair",
      "attentionParameters",
      "cacheNumbers",
      "mendedMask",
    ],
  },
];

/** What an exercise is called outside its notebook. */
export interface ExerciseName {
  /** Its name in `check`; of an exercise that the course does not know, its title. */
  exercise: string;
  /** The notebook's name; null where the course does not know it. */
  lesson: string | null;
}

const names = new WeakMap<object, ExerciseName>();

/** Tells the course's exercises their names. */
export function nameExercises(checks: Readonly<Record<string, { exercise: object }>>): void {
  for (const { lesson, exercises } of course) {
    for (const exercise of exercises) {
      names.set(checks[exercise].exercise, { exercise, lesson });
    }
  }
}

export function nameOf(exercise: Pick<Exercise<never>, "title">): ExerciseName {
  return names.get(exercise) ?? { exercise: exercise.title, lesson: null };
}
