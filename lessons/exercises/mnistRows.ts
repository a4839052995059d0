import { drawReal, drawWhole } from "./draws";
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

/** What a layer does at one step: from what comes in and its state it makes its next state. */
type Cell = (x: number[], h: number[]) => number[];

type ReadRows = (rows: number[][], cells: Cell[], H: number) => number[];

/** A tanh layer with a state of H numbers, whose weights are waves, so that no two are alike. */
const waves =
  (layer: number): Cell =>
  (x, h) =>
    h.map((_, j) => {
      const sum = (list: number[], shift: number) =>
        list.reduce((all, value, i) => all + value * Math.sin(shift + 2.3 * i + 1.7 * j), 0);
      return Math.tanh(sum(x, 1 + layer) + sum(h, 4 + 2 * layer) + 0.2 * Math.cos(j + layer));
    });

/** Reads rows through layers, right as it stands; the options are where students go wrong. */
const reading =
  ({
    /** What layer l reads of this step: `states` are those after the layers below, `before` those of the last step. */
    input = (row: number[], l: number, states: number[][], _before: number[][]) =>
      l === 0 ? row : states[l - 1],
    isFresh = (_step: number): boolean => false,
    answer = (states: number[][]) => states[states.length - 1],
  } = {}): ReadRows =>
  (rows, cells, H) => {
    const zeros = () => cells.map(() => new Array<number>(H).fill(0));
    let states = zeros();
    for (const [t, row] of rows.entries()) {
      const before = isFresh(t) ? zeros() : states;
      states = [...before];
      for (const [l, cell] of cells.entries()) {
        states[l] = cell(input(row, l, states, before), before[l]);
      }
    }
    return answer(states);
  };

/** The state that a stack of recurrent layers ends with when it has read all rows. */
export const readRows = exercise<ReadRows>({
  title: "A picture, read by a stack of layers",
  answer: reading(),
  observe: (read) => {
    const rows = (T: number, D: number) =>
      Array.from({ length: T }, (_, t) =>
        Array.from({ length: D }, (_, d) => drawReal(Math.cos(1.3 * t + 0.7 * d + 0.2))),
      );
    return [
      read(rows(4, 3), [waves(0), waves(1), waves(2)], 3),
      read(rows(5, 2), [waves(1), waves(3)], 2),
      read(rows(3, 4), [waves(0)], 4),
    ];
  },
  mistakes: [
    {
      answer: reading({ input: (row) => row }),
      hint: "Each of your layers reads the row itself. Only the first one does; what do the others read?",
    },
    {
      answer: reading({ isFresh: () => true }),
      hint: "Your network begins at each row with states of zeros, and so it forgets all rows but the last.",
    },
    {
      answer: (rows, cells, H) => {
        let h = new Array<number>(H).fill(0);
        for (const row of rows) {
          for (const [l, cell] of cells.entries()) {
            h = cell(l === 0 ? row : h, h);
          }
        }
        return h;
      },
      hint: "All your layers share one state. Each needs one of its own, which waits for it until the next row.",
    },
    {
      answer: reading({
        input: (row, l, _states, before) => (l === 0 ? row : before[l - 1]),
      }),
      hint: "Your upper layers read what the layer below said one row earlier. Its state of this row is there already.",
    },
    {
      answer: (rows, cells, H) => {
        const zeros = new Array<number>(H).fill(0);
        const first = rows.reduce((h, row) => cells[0](row, h), zeros);
        return cells.slice(1).reduce((h, cell) => cell(h, zeros), first);
      },
      hint: "Only your first layer reads step by step; the others see one state, the last. They read a whole sequence, too: the states below, one a row.",
    },
    {
      answer: (rows, cells, H) =>
        reading()(
          rows,
          cells.map(
            (cell): Cell =>
              (x, h) =>
                cell(h, x),
          ),
          H,
        ),
      hint: "Look at the order: a cell is given first what it reads, then its state.",
    },
    {
      answer: reading({ answer: (states) => states[0] }),
      hint: "That is the state of the first layer. The dense layer reads the one on top.",
    },
  ],
  nudge: "Two loops, one in the other: over what does each run, and what must outlast a row?",
  hint: "Keep one state for each layer. At each row, go up the layers: the first reads the row, each other one the new state of the layer below; what a cell gives becomes the layer's state.",
  because:
    "The loops are the same for tanh, LSTM and GRU, and for any number of rows: the weights are in the cells, and no cell knows which row it reads.",
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

type Apart = (rightA: number, rightB: number, n: number) => number;

/** The difference of two shares over a deviation; the variances are where students go wrong. */
const apart =
  (
    deviation: (a: number, b: number) => number = (a, b) => Math.sqrt(a + b),
    varianceOf: (p: number, n: number) => number = (p, n) => (p * (1 - p)) / n,
  ): Apart =>
  (rightA, rightB, n) => {
    const [a, b] = [rightA / n, rightB / n];
    return (a - b) / deviation(varianceOf(a, n), varianceOf(b, n));
  };

/** By how many standard deviations two networks differ, with so many right of n digits each. */
export const deviationsApart = exercise<Apart>({
  title: "Better, or luck?",
  answer: apart(),
  // With one share for both, as statisticians do where the question is whether there is any difference.
  alternatives: [
    (rightA, rightB, n) => {
      const p = (rightA + rightB) / (2 * n);
      return (rightA - rightB) / n / Math.sqrt((2 * p * (1 - p)) / n);
    },
  ],
  observe: (apart) => [
    apart(1910, drawWhole(1880, 1700, 1895), 2000),
    apart(drawWhole(700, 600, 760), 790, 1000),
    apart(drawWhole(40, 30, 48), 20, 50),
  ],
  mistakes: [
    {
      answer: apart((a) => Math.sqrt(a)),
      hint: "You count the chance of one network only. The other one's count could have come out otherwise, too.",
    },
    {
      answer: apart((a, b) => Math.sqrt(a) + Math.sqrt(b)),
      hint: "Deviations do not add up; their squares do, the variances.",
    },
    {
      answer: apart((a, b) => a + b),
      hint: "That divides by a variance. The deviation is its root.",
    },
    {
      answer: apart(undefined, (p) => p * (1 - p)),
      hint: "That is the deviation of a single digit. Over n digits chance averages out: where is n?",
    },
    {
      answer: apart(undefined, (p, n) => p * (1 - p) * n),
      hint: "That is the deviation of a *count* of right answers, and above it stands a difference of shares: divide both by the same.",
    },
    {
      answer: (rightA, rightB, n) => (rightA - rightB) / n,
      hint: "That is the difference. How large is chance beside it?",
    },
  ],
  nudge:
    "How much does the accuracy of one network vary by chance, and how much the difference of two?",
  hint: "The share p of n has the variance p (1 - p) / n. Add those of both networks, take the root, and divide the difference of the shares by it.",
  because:
    "Beyond 2 it is hardly luck of the digits. (The luck of the seed comes on top of it: that is what section 7 has three seeds for.)",
});
