import { exercise } from "./exercise";

/** The loss, in nats, that even a perfect network has on random letters A, C, G, T. */
export const lossOnRandomLetters = exercise<number>({
  title: "Loss on random letters",
  answer: Math.log(4),
  mistakes: [
    {
      answer: 2,
      hint: "That is the loss in bits, by the logarithm to base 2. Nats take `Math.log`.",
    },
    {
      answer: -Math.log(4),
      hint: "A loss is -ln p, and the logarithm of a probability below 1 is negative.",
    },
    { answer: Math.log10(4), hint: "That is the logarithm to base 10. Nats take `Math.log`." },
    { answer: 0, hint: "A loss of 0 needs certainty, but the next letter is left to chance." },
    {
      answer: 0.25,
      hint: "That is the probability of each letter. The loss is -ln of it.",
    },
  ],
  nudge: "How likely is each of the four letters, whatever came before?",
  hint: "Each letter comes with the same probability, whatever was before. What is -ln of that?",
  because: "Nothing can be learnt from chance: the untrained network's ln V, with V = 4.",
});

/** How many parameters one LSTM layer with H = 256 on an embedding of D = 64 has. */
export const lstmParameters = exercise<number>({
  title: "Parameters of an LSTM layer",
  answer: 4 * 256 * (64 + 256 + 1),
  mistakes: [
    {
      answer: 4 * 256 * (64 + 256),
      hint: "Did you forget the biases? Each of the four vectors has H of them.",
    },
    {
      answer: 256 * (64 + 256 + 1),
      hint: "That is one gate. How many vectors of H numbers does an LSTM compute in a step?",
    },
    {
      answer: 3 * 256 * (64 + 256 + 1),
      hint: "Three gates, yes, but what about the candidate that they let in?",
    },
    {
      answer: 4 * 256 * (64 + 1),
      hint: "Each vector is computed from the state, too, not from the input alone.",
    },
  ],
  nudge: "How many gates has an LSTM, and what does each of them read?",
  hint: "Use the formula of section 5, 4H(D + H + 1), with H = 256 and D = 64.",
  because: "Four in five of them connect the state with itself: 256 of the 321 for each number.",
});

/** Kilobytes of a text of 1,707,618 characters, written by the guesses of a network with 1.5 nats a character. */
export const compressedSize = exercise<number>({
  title: "How small the novel gets",
  answer: (1_707_618 * 1.5) / Math.LN2 / 8 / 1000,
  tolerance: 0.003,
  mistakes: [
    {
      answer: (1_707_618 * 1.5) / Math.LN2 / 1000,
      hint: "Those are kilobits. A byte has eight bits.",
    },
    {
      answer: (1_707_618 * 1.5) / 8 / 1000,
      hint: "You took the loss for bits, but it is in nats. How many nats has a bit?",
    },
    {
      answer: (1_707_618 * 1.5 * Math.LN2) / 8 / 1000,
      hint: "A bit is *smaller* than a nat, ln 2 of one: so there are more bits than nats.",
    },
    {
      answer: (1_707_618 * 1.5) / Math.LN2 / 8,
      hint: "In bytes that is right. How many thousands are they?",
    },
    {
      answer: (1_707_618 * 1.5) / 1000,
      hint: "Those are thousands of nats. First make bits of them, then bytes.",
    },
    {
      answer: (1_707_618 * Math.exp(1.5)) / 8 / 1000,
      hint: "The perplexity is no length. The loss itself is one: nats for each character.",
    },
  ],
  nudge:
    "A character that the network gives the probability p takes -log2 p bits. What is their mean?",
  hint: "The loss is the mean of -ln p. In bits it is the loss over ln 2; then take it for each character, eight bits a byte, 1,000 bytes a kilobyte.",
  because:
    "In UTF-8 the novel has about 3,000 kilobytes: whoever guesses well writes shortly. To predict and to compress are one task.",
});

/** How many batches 100 sequences of 100 steps make of 1,707,618 characters. */
export const batchCount = exercise<number>({
  title: "Batches of the novel",
  answer: 170,
  mistakes: [
    {
      answer: 171,
      hint: "The last of these is not full, and what does not fill a batch is left out.",
    },
    {
      answer: 170.76,
      when: (count) => !Number.isInteger(count) && Math.floor(count) === 170,
      hint: "The division is right, but only whole batches count: what does not fill one is left out.",
    },
    {
      answer: 17076,
      when: (count) => Math.floor(count) === 17076 || count === 17077,
      hint: "That is how often 100 characters fit. A batch takes 100 of them in each of its 100 rows.",
    },
    {
      answer: 3400,
      hint: "Those are the steps of twenty epochs. How many batches has one?",
    },
  ],
  nudge: "How many characters does one batch take?",
  hint: "One batch takes 100 times 100 characters, and what does not fill a batch is left out.",
  because: "Twenty epochs of them are the article's 3,400 steps.",
});

/** The perplexity of a network with a held-out loss of 1.386 nats. */
export const perplexity = exercise<number>({
  title: "Perplexity",
  answer: Math.exp(1.386),
  mistakes: [
    {
      answer: 2 ** 1.386,
      hint: "With 2 as the base the loss would have to be in bits. For nats the base is e.",
    },
    {
      answer: Math.exp(-1.386),
      hint: "That is the probability of each symbol. Among how many is the network choosing then?",
    },
    { answer: Math.log(1.386), hint: "The other way round: the loss is the logarithm." },
    { answer: 10 ** 1.386, hint: "The base of nats is e, not 10: `Math.exp`." },
  ],
  nudge: "The loss is a logarithm. To which base, and what undoes it?",
  hint: "Raise e to the power of the loss, with `Math.exp`.",
  because: "It is as unsure as if it drew one of four letters blindly, as in exercise 1.",
});

const softmax = (logits: readonly number[]): number[] => {
  const sizes = logits.map(Math.exp);
  const sum = sizes.reduce((a, b) => a + b, 0);
  return sizes.map((size) => size / sum);
};

/** The probabilities of symbols by their logits and a temperature above 0. */
export const soften = exercise<(logits: number[], temperature: number) => number[]>({
  title: "Softmax with a temperature",
  answer: (logits, temperature) => softmax(logits.map((z) => z / temperature)),
  observe: (soften) => [
    soften([1, 2, 3], 1),
    soften([0.5, -1, 2, 2], 0.25),
    soften([3, 1, -2], 4),
    soften([-1, 0], 0.5),
  ],
  mistakes: [
    {
      answer: (logits, temperature) => softmax(logits.map((z) => z * temperature)),
      hint: "It works the wrong way round: a high temperature must make the symbols more alike.",
    },
    {
      answer: (logits) => softmax(logits),
      hint: "That is the softmax without a temperature.",
    },
    {
      answer: (logits, temperature) => logits.map((z) => Math.exp(z / temperature)),
      hint: "The numbers have the right proportions, but probabilities sum to 1.",
    },
    {
      answer: (logits, temperature) => softmax(logits).map((p) => p / temperature),
      when: (soften) => Math.abs(soften([0, 0], 2).reduce((a, b) => a + b, 0) - 0.5) < 1e-6,
      hint: "Divide the logits by the temperature, before the softmax, and not what comes out of it.",
    },
    {
      answer: (logits, temperature) => {
        const sum = logits.reduce((a, z) => a + z / temperature, 0);
        return logits.map((z) => z / temperature / sum);
      },
      hint: "Where is e? The softmax takes `Math.exp` of each, and divides by the sum of those.",
    },
  ],
  nudge: "Where does the temperature come in: before the exponential, or after it?",
  hint: "Divide each logit by the temperature, take `Math.exp`, and divide by the sum of what came out.",
  because: "At 0.2 a lead of 1 in the logits becomes a factor of e⁵ = 148 in the probabilities.",
});
