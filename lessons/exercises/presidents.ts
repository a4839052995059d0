import { drawLetters, drawWhole } from "./draws";
import { exercise } from "./exercise";

/** Characters in the training part where 3 rows of 50 make 1,498 steps an epoch. */
export const trainingCharacters = exercise<number>({
  title: "How long the article's text was",
  answer: 224_700,
  mistakes: [
    {
      answer: 11_235_000,
      hint: "So many characters were read in all 50 epochs, each of them 50 times.",
    },
    {
      answer: 74_900,
      hint: "One row of 50 characters in each step of an epoch. But a step reads 3 rows.",
    },
    { answer: 4_494, hint: "And each of the 3 rows is 50 characters long." },
    {
      answer: 280_875,
      hint: "That is the whole text, validation and test included. What was left to train on?",
    },
    { answer: 1_498, hint: "So many steps has one epoch. How many characters does a step read?" },
  ],
  nudge: "How many characters does a single step read?",
  hint: "Steps of one epoch, times the rows of a batch, times the characters of a row.",
  because:
    "With the two tenths held back that is a text of 281,000 characters: the article's own conclusion " +
    "was that it had too little. But the text published with the code has 896,825: that text and this " +
    "log belong to different runs.",
});

/** The rate in epoch 12 of 0.002 halved every 5 epochs. */
export const rateInEpoch12 = exercise<number>({
  title: "A rate that is halved",
  answer: 0.0005,
  mistakes: [
    {
      answer: 0.002 * 0.5 ** 12,
      hint: "That halves it after every epoch, but five pass from one time to the next.",
    },
    {
      answer: 0.00025,
      hint: "The third halving comes after 15 epochs.",
    },
    { answer: 0.001, hint: "That is the rate from epoch 6 to 10. Which comes then?" },
    {
      answer: 0.002 * 0.5 ** (12 / 5),
      hint: "That would fall a little with every epoch. The rate stands still for five, then jumps.",
    },
    { answer: 0.002 / 5, hint: "Every five epochs the rate is halved, not divided by five." },
  ],
  nudge: "After which epochs is the rate halved, up to epoch 12?",
  hint: "Count how often the rate was halved before epoch 12, and multiply by a half as often.",
  because:
    "Two halvings, after epochs 5 and 10. In the last of 50 epochs it is 0.002 / 2⁹ = 0.000004.",
});

/** How many symbols a text has whose untrained network has a loss of 217.2, summed over 50 steps. */
export const symbolsByScore = exercise<number>({
  title: "What a first score tells",
  answer: 77,
  // Rounded or not: the score is given with four figures.
  right: (answer) => Math.abs(answer - 77) < 0.1,
  mistakes: [
    {
      answer: 4.344,
      when: (answer) => Math.abs(answer - 4.344) < 0.01,
      hint: "That is the loss of one character. Of how many symbols is it the logarithm?",
    },
    {
      answer: 2 ** 4.344,
      when: (answer) => Math.abs(answer - 20.3) < 0.5,
      hint: "Nats take e as the base, not 2.",
    },
    {
      answer: Math.log(217.2),
      when: (answer) => Math.abs(answer - 5.38) < 0.01,
      hint: "First the loss of a single character; and the loss is the logarithm already.",
    },
    {
      answer: 10 ** 4.344,
      when: (answer) => answer > 20_000 && answer < 24_000,
      hint: "Nats take e as the base, not 10.",
    },
    {
      answer: Math.exp(217.2),
      when: (answer) => answer > 1e90,
      hint: "The score is the sum over 50 characters. What is the loss of one?",
    },
  ],
  nudge: "Over how many characters is that loss added up, and what is that for each?",
  hint: "Divide by the 50 characters; an untrained network has a loss of ln V for each.",
  because: "a to z, A to Z, 0 to 9 and 15 more: the characters that the program kept.",
});

const texts = [
  "Thank you. [Applause] We will win.",
  "It is strong (Laughter and applause) again.",
  "The treaty (NAFTA) [of 1994] is gone. [laughter]",
  "One [Applause] two three (Applause.) four",
  "No mark at all.",
];
const words = "applause|laughter";

/** Takes audience marks out of a text, with the blank before them. */
export const withoutMarks = exercise<(text: string) => string>({
  title: "Taking out the audience",
  answer: (text) =>
    text.replace(/ *(\[[^\]]*(applause|laughter)[^\]]*\]|\([^)]*(applause|laughter)[^)]*\))/gi, ""),
  observe: (clean) => texts.map((text) => clean(`${text}${drawLetters()}`)),
  mistakes: [
    {
      answer: (text) => text.replace(/ *\[[^\]]*(applause|laughter)[^\]]*\]/gi, ""),
      hint: "Some transcripts write (Applause) instead of [Applause].",
    },
    {
      answer: (text) =>
        text.replace(
          /(\[[^\]]*(applause|laughter)[^\]]*\]|\([^)]*(applause|laughter)[^)]*\))/gi,
          "",
        ),
      when: (clean) => /you\. {2}We/.test(clean(texts[0])),
      hint: "Two blanks stand where the mark was. Let the one before it go with it.",
    },
    {
      answer: (text) => text.replace(/ *[[(].*(applause|laughter).*[\])]/gi, ""),
      when: (clean) => !clean(texts[3]).includes("two"),
      hint: "The pattern takes too much: what stands between two marks is gone too. Exclude the closing bracket.",
    },
    {
      answer: (text) => text.replace(/ *(\[[^\]]*\]|\([^)]*\))/g, ""),
      when: (clean) => !clean(texts[2]).includes("NAFTA"),
      hint: "Not all that stands in brackets is the audience: (NAFTA) should stay.",
    },
    {
      answer: (text) =>
        text.replace(new RegExp(` *[\\[(][^\\])]*(${words})[^\\])]*[\\])]`, "g"), ""),
      when: (clean) => clean(texts[0]).includes("Applause"),
      hint: "The mark may begin with a capital: give the pattern the flag i.",
    },
    {
      answer: (text) =>
        text.replace(
          / *(\[[^\]]*(applause|laughter)[^\]]*\]|\([^)]*(applause|laughter)[^)]*\))/i,
          "",
        ),
      when: (clean) => clean(texts[3]).includes("Applause"),
      hint: "Only the first mark of a text is gone: give the pattern the flag g.",
    },
  ],
  nudge: "List what may differ from mark to mark: brackets, capitals, what stands beside the word.",
  hint:
    "Replace by nothing what stands in square or round brackets and has the word applause or laughter in " +
    "it, and the blanks before.",
  because: "The library's cleanText knows more words: cheers, boos, chants, crosstalk.",
});

type Schedule = (step: number, peak: number, warmUp: number, total: number) => number;

/** A rate that rises in a straight line and falls by half a cosine; the parts are where students go wrong. */
const warmThenCosine =
  ({
    rise = (step: number, warmUp: number) => step / warmUp,
    progress = (step: number, warmUp: number, total: number) => (step - warmUp) / (total - warmUp),
    fall = (share: number) => (1 + Math.cos(Math.PI * share)) / 2,
  } = {}): Schedule =>
  (step, peak, warmUp, total) =>
    peak * (step < warmUp ? rise(step, warmUp) : fall(progress(step, warmUp, total)));

/** A rate that rises to its peak in a straight line, and falls from there to 0 by half a cosine. */
export const warmCosine = exercise<Schedule>({
  title: "Up in a line, down in a wave",
  answer: warmThenCosine(),
  observe: (rate) => {
    const [warmUp, total] = [drawWhole(100, 60, 140), drawWhole(1000, 700, 1300)];
    const middle = drawWhole(400, warmUp + 1, total - 1);
    return [0, drawWhole(30, 1, warmUp - 1), warmUp, middle, total - 20, total].map((step) =>
      rate(step, 0.0125, warmUp, total),
    );
  },
  mistakes: [
    {
      answer: warmThenCosine({ progress: (step, _warmUp, total) => step / total }),
      hint: "At the end of the rise the rate jumps: the fall begins there, and has total - warmUp steps for itself.",
    },
    {
      answer: warmThenCosine({ fall: (share) => Math.cos(Math.PI * share) }),
      hint: "Yours falls below 0. A cosine goes from 1 to -1: bring that to the way from 1 to 0.",
    },
    {
      answer: warmThenCosine({ fall: (share) => Math.cos((Math.PI * share) / 2) }),
      hint: "That is a quarter of a wave: it begins flat, but ends steep. Half a wave is flat at both ends.",
    },
    {
      answer: warmThenCosine({ fall: (share) => 1 + Math.cos(Math.PI * share) }),
      hint: "At the beginning of the fall yours is twice the peak.",
    },
    {
      answer: warmThenCosine({ fall: (share) => 1 - share }),
      hint: "Yours falls in a straight line. Which function is flat at both ends of its way?",
    },
    {
      answer: warmThenCosine({ fall: (share) => (1 + Math.cos(180 * share)) / 2 }),
      hint: "`Math.cos` takes radians: half a wave is π.",
    },
    {
      answer: warmThenCosine({ rise: () => 1 }),
      hint: "Where is the rise? At step 0 the rate is 0.",
    },
  ],
  nudge: "Two parts. In each, which share of its way is done at a step?",
  hint: "Up to warmUp: peak times step / warmUp. From there on: the share of the fall is (step - warmUp) / (total - warmUp), and (1 + cos(π share)) / 2 goes from 1 to 0.",
  because:
    "Large language models are trained by this shape: the rise spares a young network its wildest gradients, the fall does what the article's drops did.",
});

const size = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
const change = (before: readonly number[], after: readonly number[]) =>
  after.map((value, i) => value - before[i]);

/** log10 of a step's mean change beside the mean size of the weights after it. */
export const updateRatio = exercise<(before: number[], after: number[]) => number>({
  title: "The update ratio",
  answer: (before, after) => Math.log10(size(change(before, after)) / size(after)),
  observe: (ratio) => [
    ratio([1, -2, 3], [1.1, -2.1, 3]),
    ratio([0.5, -0.5], [0.4, -0.3]),
    ratio([-4, 1, 2, 0.5], [-4.01, 1.02, 1.97, 0.5]),
  ],
  mistakes: [
    {
      answer: (before, after) => size(change(before, after)) / size(after),
      hint: "That is the ratio itself. The chart shows its logarithm to base 10.",
    },
    {
      answer: (before, after) => Math.log(size(change(before, after)) / size(after)),
      hint: "The logarithm is the one to base 10: `Math.log10`.",
    },
    {
      answer: (before, after) => Math.log10(size(after) / size(change(before, after))),
      hint: "The ratio is upside down: the change stands above, the weights below.",
    },
    {
      answer: (before, after) => {
        const mean = (values: readonly number[]) =>
          values.reduce((a, b) => a + b, 0) / values.length;
        return Math.log10(Math.abs(mean(change(before, after))) / Math.abs(mean(after)));
      },
      hint: "Changes up and down cancel out so. Take the size of each number first, then the mean.",
    },
    {
      answer: (before, after) => Math.log10(size(change(before, after)) / size(before)),
      hint: "Nearly: the size below is that of the weights after the step.",
    },
  ],
  nudge: "What is divided by what, before any logarithm is taken?",
  hint: "The mean of |new - old|, divided by the mean of |new|, and of that `Math.log10`.",
  because: "At -3 a step moves a weight by a thousandth of its size.",
});
