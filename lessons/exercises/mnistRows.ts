import { drawWhole } from "./draws";
import { earlyStop } from "./earlyStop";
import { exercise } from "./exercise";

/** One of three classes. */
const drawClass = (standing: number) => drawWhole(standing, 0, 2);

/** The grey value, 0 to 255, that a normalised pixel had. */
export const greyOf = exercise<(value: number) => number>({
  title: "Back to grey",
  answer: (value) => 255 * (0.3081 * value + 0.1307),
  observe: (greyOf) => [greyOf(0), greyOf(1), greyOf(-0.4242129), greyOf(2.8214867)],
  mistakes: [
    {
      answer: (value) => 0.3081 * value + 0.1307,
      hint: "That lies between 0 and 1. Grey values go up to 255.",
    },
    {
      answer: (value) => 255 * (0.3081 * (value + 0.1307)),
      hint: "Undo the steps in the opposite order: what was done last is undone first.",
    },
    {
      answer: (value) => 255 * (0.3081 * value - 0.1307),
      hint: "The mean was taken away. To undo that, what must be done?",
    },
    {
      answer: (value) => 255 * (value / 0.3081 + 0.1307),
      hint: "It was divided by the deviation. To undo that, what must be done?",
    },
    {
      answer: (value) => (value / 255 - 0.1307) / 0.3081,
      hint: "That is the way there. You are asked for the way back.",
    },
  ],
  nudge:
    "Two things were done to a grey value, one after the other. Which of them is undone first?",
  hint: "Solve value = (grey / 255 - 0.1307) / 0.3081 for grey.",
  because: "So a normalised digit can be drawn again, as section 7 did with its views.",
});

/** Counts a network of L recurrent layers with one bias each, right as it stands. */
function counted(
  layerSize = (inputs: number, H: number) => H * (inputs + H + 1),
  outputSize = (H: number, K: number) => K * (H + 1),
) {
  return (D: number, H: number, L: number, K: number) =>
    layerSize(D, H) + (L - 1) * layerSize(H, H) + outputSize(H, K);
}

/** How many parameters a classifier of L tanh layers has. */
export const classifierParameters = exercise<
  (D: number, H: number, L: number, K: number) => number
>({
  title: "Parameters of a classifier",
  answer: counted(),
  observe: (count) => [
    count(28, 100, 3, 10),
    count(14, 20, 1, 10),
    count(drawWhole(3, 2, 40), drawWhole(5, 3, 90), 4, 2),
  ],
  mistakes: [
    {
      answer: counted((inputs, H) => H * (inputs + H + 2)),
      hint: "That is PyTorch's count, with two biases a layer. Ours has one.",
    },
    {
      answer: (D, H, L, K) => L * H * (D + H + 1) + K * (H + 1),
      hint: "Only the first layer reads the image. What comes into the layers above it, and how wide is it?",
    },
    {
      answer: (D, H, L, K) => counted()(D, H, L, K) - K * (H + 1),
      hint: "Those are the recurrent layers. The dense layer at the end learns too.",
    },
    {
      answer: counted(
        (inputs, H) => H * (inputs + H),
        (H, K) => K * H,
      ),
      hint: "You left out the biases: H for each recurrent layer, and K at the end.",
    },
    {
      answer: counted(
        (inputs, H) => H * (inputs + 1),
        (H, K) => K * (H + 1),
      ),
      hint: "Each state is computed from the state before, too, with a matrix of its own.",
    },
  ],
  nudge: "Which layers are alike, and which one differs from them?",
  hint: "H(D + H + 1) for the first layer, H(H + H + 1) for each of the others, K(H + 1) at the end.",
  because: "The number of time steps does not come in: all of them share the same weights.",
});

/** How often 5000 batches of 64 go through 60,000 digits. */
export const epochsOfProgram = exercise<number>({
  title: "Epochs of 5000 iterations",
  answer: (5000 * 64) / 60_000,
  // 5000 of 938 batches, the last one smaller, are 5.330.
  tolerance: 0.002,
  mistakes: [
    {
      answer: 3,
      hint: "So the program's own constant says, but it stops by the iterations. How many digits has it seen then?",
    },
    {
      answer: 60_000 / 64,
      when: (epochs) => Math.round(epochs) === 938 || Math.floor(epochs) === 937,
      hint: "That is how many batches one epoch has. How many epochs are 5000 of them?",
    },
    {
      answer: 60_000 / (5000 * 64),
      hint: "The other way round: how often do 60,000 fit into the digits that were seen?",
    },
    {
      answer: 5000 / 60_000,
      when: (epochs) => Math.abs(epochs - 1 / 12) < 0.001 || epochs === 12,
      hint: "An iteration sees a whole batch, not one digit.",
    },
    {
      answer: 5,
      when: (epochs) => epochs === 5 || epochs === 6,
      hint: "The program stops within an epoch. Do not round.",
    },
  ],
  nudge: "How many digits does the program read on the whole?",
  hint: "Each iteration sees 64 digits. How many are that in 5000, and how often is that 60,000?",
  because: "The program named three epochs, and nobody noticed, because nothing counted them.",
});

type Count = (truth: number[], predicted: number[], classes: number) => number[][];

/** Counts each pair, by where it stands. */
function tally(place: (t: number, p: number) => [number, number]): Count {
  return (truth, predicted, classes) => {
    const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    truth.forEach((t, n) => {
      const [row, column] = place(t, predicted[n]);
      counts[row][column] += 1;
    });
    return counts;
  };
}

/** The confusion matrix: a row for each true class, a column for each predicted one. */
export const confusionCounts = exercise<Count>({
  title: "The confusion matrix",
  answer: tally((t, p) => [t, p]),
  observe: (count) => [
    count([0, 1, 2, 2, 1, 0, 2].map(drawClass), [0, 2, 2, 1, 1, 0, 1].map(drawClass), 3),
    count([3, 3, 0], [0, 0, 0], 4),
  ],
  mistakes: [
    {
      answer: tally((t, p) => [p, t]),
      hint: "Rows and columns are swapped: a row is a true class, a column a predicted one.",
    },
    {
      answer: (truth, predicted, classes) =>
        tally((t, p) => [t, p])(truth, predicted, classes).map((row) => {
          const sum = row.reduce((a, b) => a + b, 0);
          return row.map((value) => (sum > 0 ? value / sum : 0));
        }),
      hint: "Those are shares of each row. Count: whole numbers are asked for.",
    },
    {
      answer: (truth, predicted, classes) =>
        tally((t, p) => [t, p])(truth, predicted, classes).map((row) =>
          row.map((value) => Math.min(value, 1)),
        ),
      hint: "Yours notes that a pair occurs. How often does it?",
    },
    {
      answer: (truth, predicted, classes) =>
        tally((t, p) => [t, p])(truth, predicted, classes).map((row, t) =>
          row.map((value, p) => (t === p ? value : 0)),
        ),
      hint: "The right answers stand on the diagonal. The mistakes have places too.",
    },
  ],
  nudge: "How large is the table, and which number of an example chooses the row?",
  hint: "Begin with a table of zeros, and for each n add 1 in the row of truth[n] and the column of predicted[n].",
  because: "The diagonal's sum over the sum of all is the accuracy.",
});

type Kept = (losses: number[], patience: number, minDelta: number) => number;

/** The epoch whose weights early stopping gives back; the option is where students go wrong. */
const kept =
  (better = (loss: number, best: number, minDelta: number) => loss < best - minDelta): Kept =>
  (losses, patience, minDelta) =>
    earlyStop(losses, patience, { better: (loss, best) => better(loss, best, minDelta) }).best;

/** The epoch, from 1, whose weights early stopping gives back. */
export const keptEpoch = exercise<Kept>({
  title: "Which weights are kept",
  answer: kept(),
  observe: (keptEpoch) => [
    keptEpoch([5, 4, 3, 3.5, 3.2, 1], 2, 0),
    keptEpoch([5, 4, 3.95, 3.9, 1], 2, 0.2),
    keptEpoch([5, 4, 4.5, 3, 3.5, 3.4, 2], 3, 0),
    keptEpoch([2, 1.95, 1.75, 1.7, 1.6], 3, 0.1),
    keptEpoch([5, 4, 3, 3.5, 3.2, 3.1, 1], 2, 0),
    keptEpoch([3, 3.05, 3.3, 3.4], 2, 0.1),
    keptEpoch([3, 2, 1], 2, 0),
  ],
  mistakes: [
    {
      answer: (losses, patience, minDelta) =>
        earlyStop(losses, patience, { better: (loss, best) => loss < best - minDelta }).stop,
      hint: "That is where it stops. The weights that it gives back are older.",
    },
    {
      answer: (losses) => losses.indexOf(Math.min(...losses)) + 1,
      hint: "That is the best epoch of all. Some of them never happen, because it has stopped before.",
    },
    {
      answer: kept((loss, best) => loss < best),
      hint: "Where does `minDelta` come in? A loss that is lower by less does not count.",
    },
    {
      answer: (losses, patience, minDelta) => kept()(losses, patience, minDelta) - 1,
      hint: "Epochs count from 1, and lists from 0.",
    },
    {
      answer: (losses, patience, minDelta) => kept()(losses, patience + 1, minDelta),
      hint: "With patience 2 the second epoch without a better loss is the last. Yours waits for one more.",
    },
    {
      answer: kept((loss, best, minDelta) => loss < best + minDelta),
      hint: "To count, a loss must be lower than the best by more than `minDelta`. Yours lets it be higher.",
    },
  ],
  nudge:
    "Two epochs matter: the one after which it stops, and the one whose weights it gives back.",
  hint:
    "Keep the best loss and its epoch; replace both where a loss is below the best by more than " +
    "`minDelta`; end when the epoch is `patience` beyond the best one.",
  because: "`earlyStopping` does so too, and keeps a copy of the weights at every better loss.",
});
