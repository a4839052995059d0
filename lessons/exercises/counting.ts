import { drawLetters } from "./draws";
import { exercise } from "./exercise";

type Interpolated = (read: string, context: string, symbol: string, V: number) => number;

/** What differs between a right interpolation and its faults. */
interface Parts {
  /** How much the shorter context counts, by the symbols that were seen after this one. */
  weightOf?: (after: readonly string[]) => number;
  /** The context that is a symbol shorter. */
  shorten?: (context: string) => string;
  /** What the empty context is mixed with. */
  floor?: (V: number) => number;
  /** What the counts are divided by. */
  total?: (seen: number, weight: number) => number;
  /** The probability after a context that was never seen. */
  unseen?: (shorter: number) => number;
}

/** The symbols that stand after a context, in the order in which they were read. */
const symbolsAfter = (read: string, context: string) =>
  [...read].filter((_, i) => i >= context.length && read.slice(i - context.length, i) === context);

const kindsOf = (after: readonly string[]) => new Set(after).size;

function interpolationOf({
  weightOf = kindsOf,
  shorten = (context) => context.slice(1),
  floor = (V) => 1 / V,
  total = (seen, weight) => seen + weight,
  unseen = (shorter) => shorter,
}: Parts): Interpolated {
  const p: Interpolated = (read, context, symbol, V) => {
    const shorter = context === "" ? floor(V) : p(read, shorten(context), symbol, V);
    const after = symbolsAfter(read, context);
    if (after.length === 0) {
      return unseen(shorter);
    }
    const count = after.filter((each) => each === symbol).length;
    const weight = weightOf(after);
    return (count + weight * shorter) / total(after.length, weight);
  };
  return p;
}

/** 0 / 0, which is what comes of a context that was never seen, as -1: it has a hint of its own. */
const asNumber = (p: number) => (Number.isNaN(p) ? -1 : p);

/** Witten-Bell: how likely a symbol is after a context, by counts that shorter contexts are mixed into. */
export const interpolated = exercise<Interpolated>({
  title: "Counts of all lengths, mixed",
  answer: interpolationOf({}),
  observe: (p) => {
    const more = drawLetters();
    const read = `abracadabra ${more} abacab`;
    return [
      p(read, "", "a", 20),
      p(read, "a", "b", 20),
      p(read, "ab", "r", 20),
      p(read, "ca", "d", 30),
      p(read, "ab", "z", 25),
      // Never read: what is known after "b" alone has to do.
      p(read, "zb", "r", 20),
    ].map(asNumber);
  },
  mistakes: [
    {
      answer: interpolationOf({ unseen: () => Number.NaN }),
      hint: "After a context that was never seen you divide 0 by 0. Where nothing was counted, the shorter context says it all.",
    },
    {
      answer: interpolationOf({ shorten: (context) => context.slice(0, -1) }),
      hint: "You leave out the last symbol of the context, which stands next to the one that is predicted. Leave out the first.",
    },
    {
      answer: interpolationOf({ weightOf: (after) => after.length }),
      hint: "kinds(h) counts *different* symbols: one that came after h three times is one kind.",
    },
    {
      answer: interpolationOf({ floor: () => 0 }),
      hint: "The empty context needs something to be mixed with, too: before anything is counted, all V symbols are equally likely.",
    },
    {
      answer: interpolationOf({ total: (seen) => seen }),
      hint: "Your probabilities of all symbols sum to more than 1: what you add above the line has to be below it, too.",
    },
    {
      answer: interpolationOf({ weightOf: () => 0, unseen: () => 0 }),
      hint: "Those are the counts of the longest context alone: what it never saw gets 0. Mix the shorter one in.",
    },
    {
      answer: (read, context, symbol, V) =>
        interpolationOf({ shorten: () => "" })(read, context, symbol, V),
      hint: "You go from the whole context to the empty one. In between are all lengths, each one symbol shorter.",
    },
    {
      answer: (read, context, symbol, V) => {
        const after = symbolsAfter(read, context);
        const count = after.filter((each) => each === symbol).length;
        return (count + kindsOf(after) / V) / (after.length + kindsOf(after));
      },
      hint: "You mix with 1/V at once. That is what the *empty* context is mixed with; a longer one is mixed with the one that is a symbol shorter.",
    },
  ],
  nudge: "What do you know of a context that was never read? And of the empty one?",
  hint: "Find the symbols that stand after the context in what was read. For the shorter context call your function itself, and stop at the empty one with 1/V.",
  because:
    "The library keeps these counts in tables, so that nothing has to be read twice; the numbers are the same.",
});
