import { exercise } from "./exercise";

/** The parameters of a dense network with 9 inputs, hidden layers of 32 and 16 units, and 1 output. */
export const mlpParameters = exercise<number>({
  title: "Parameters of a network",
  answer: 10 * 32 + 33 * 16 + 17,
  mistakes: [
    {
      answer: 9 * 32 + 32 * 16 + 16,
      hint: "Those are the weights. Each unit has a bias, too.",
    },
    {
      answer: 9 * 32 + 32 * 16 + 16 + 48,
      hint: "The output has a bias as well.",
    },
    {
      answer: 10 * 32 + 33 * 16,
      hint: "Those are the hidden layers. What leads from the last of them to the output?",
    },
    {
      answer: 10 * 32 + 17 * 16 + 17,
      hint: "How many inputs has the second hidden layer? It reads the output of the first.",
    },
    {
      answer: 9 + 32 + 16 + 1,
      hint: "Those are the units and inputs. Each unit of a layer has a weight for each of its inputs.",
    },
  ],
  nudge: "Go through the network layer by layer: how many numbers come in, how many go out?",
  hint: "Add up the three layers: each has (inputs + 1) times outputs, the 1 being the bias.",
  because: "And not one of the numbers 9, 32, 16 and 1 is among them: those are hyperparameters.",
});

/** How many trainings a grid of 4 x 3 x 2 takes with 5 seeds each. */
export const gridTrainings = exercise<number>({
  title: "What a grid costs",
  answer: 4 * 3 * 2 * 5,
  mistakes: [
    {
      answer: 4 + 3 + 2,
      hint: "A grid combines every value with every other: the numbers multiply.",
    },
    { answer: 24, hint: "So many configurations, yes. How often is each of them trained?" },
    {
      answer: 29,
      hint: "Each configuration is trained with all of the seeds, so they multiply as well.",
    },
    { answer: (4 + 3 + 2) * 5, hint: "The seeds multiply, yes. So do the values of the grid." },
  ],
  nudge: "How many ways are there to choose one value of each kind?",
  hint: "How many combinations of a rate, a width and a dropout are there? Each is trained five times.",
  because:
    "One more hyperparameter with five values makes 600 of them. Grids grow that fast, which is why " +
    "they are used for two or three hyperparameters and no more.",
});

/** How many steps training takes with 200 examples, a batch size of 32 and 40 epochs. */
export const stepsOfTraining = exercise<number>({
  title: "Epochs and steps",
  answer: 280,
  mistakes: [
    {
      answer: 240,
      when: (steps) => steps === 240 || steps === 6 * 40,
      hint: "Here the 8 examples that do not fill a batch are left out. They make a smaller one.",
    },
    {
      answer: 250,
      hint: "An epoch ends with a smaller batch; it is not carried over into the next.",
    },
    { answer: 7, hint: "That is one epoch. How many are there?" },
    { answer: 8000, hint: "So many examples are read. A step takes a whole batch of them." },
    { answer: 1280, hint: "How many examples there are matters, too." },
  ],
  nudge: "Count the batches of a single epoch first, the smaller one at its end included.",
  hint: "How many batches does it take to read 200 examples once, the last of them smaller? And 40 times?",
  because:
    "Half the batch size makes twice the steps. So two runs with the same number of epochs differ " +
    "in more than their batches.",
});

/** The deviation of first weights that keeps the size of a signal in a linear layer of 100 units. */
export const scaleForWidth = exercise<number>({
  title: "A scale that keeps the signal",
  answer: 0.1,
  mistakes: [
    {
      answer: 0.01,
      hint: "That is the variance, σ². The deviation is its square root.",
    },
    { answer: 10, hint: "The factor of a layer is σ times this number, and it has to be 1." },
    {
      answer: 0.05,
      hint: "That was right for 400 units. With 100, fewer terms make up the sum.",
    },
    { answer: 1, hint: "With σ = 1 a layer multiplies the signal by the square root of 100." },
    {
      answer: 0.02,
      hint: "With σ = 0.02 a layer multiplies the signal by 0.02 times the square root of 100.",
    },
  ],
  nudge: "What is multiplied in a layer, and how many such terms are added up?",
  hint: "A layer multiplies the signal's deviation by σ times the square root of its inputs: set that to 1.",
  because:
    "One over the square root of the inputs: that is what the Glorot initialiser chooses here.",
});

/** A number from `from` to `to` whose logarithm is uniform, made of a share between 0 and 1. */
export const drawRate = exercise<(from: number, to: number, share: number) => number>({
  title: "Drawing a learning rate",
  answer: (from, to, share) => from * (to / from) ** share,
  observe: (draw) => [
    draw(0.001, 0.1, 0.5),
    draw(0.0001, 1, 0.25),
    draw(0.02, 0.32, 0.75),
    draw(0.5, 3, 0),
    draw(0.5, 3, 1),
  ],
  mistakes: [
    {
      answer: (from, to, share) => from + share * (to - from),
      hint: "That is uniform: with a share of 0.5 it gives the middle of 0.001 and 0.1, which is 0.0505.",
    },
    {
      answer: (from, to, share) => Math.log(from) + share * (Math.log(to) - Math.log(from)),
      hint: "That is the logarithm of the rate. How do you get back from it?",
    },
    {
      answer: (from, to, share) => 10 ** (Math.log(from) + share * Math.log(to / from)),
      hint: "`Math.log` is the logarithm to base e, but 10 to the power of something undoes `Math.log10`.",
    },
    {
      answer: (from, to, share) => Math.exp(from + share * (to - from)),
      hint: "Draw between the logarithms of the two bounds, not between the bounds themselves.",
    },
    {
      answer: (from, to, share) => to * (from / to) ** share,
      hint: "A share of 0 must give the lower bound, and 1 the upper one.",
    },
  ],
  nudge: "Half way between 0.001 and 0.1 should lie 0.01. On which scale is that the middle?",
  hint:
    "Take the logarithms of both bounds, go the given share of the way from one to the other, and undo " +
    "the logarithm: `Math.exp`.",
  because:
    "Equal factors are equally likely: 0.001 to 0.01 gets as many draws as 0.01 to 0.1. This is what " +
    "`logUniform` does.",
});
