import type { Outcome } from "./reference";

/** Something that must be different in a cell. The kernel's README has a row for each. */
interface Difference {
  what: string;
  reason: string;
  topic: string;
  /** The snippets that show it. */
  names: string[];
  /** What a cell gives instead, where it can be said from what Node gives. */
  expected?: (byNode: Outcome) => Outcome;
}

export const DIFFERENCES: Difference[] = [
  {
    what: "An await of a promise of Node's or a package's that has to wait goes on one turn of the microtasks later.",
    reason: "Stop has to be able to reject it, so another promise stands in between.",
    topic: "awaits",
    names: [
      "an await of a call into Node that is under way",
      "a promise of Node's that is held in a variable",
    ],
    expected: ({ output }) => ({ output: output.replace("[ 1 ]\nturn 1\n", "turn 1\n[ 1 ]\n") }),
  },
  {
    what: "Of what a child process writes to both its standard streams, at once or while a synchronous call waits for it, the order between the two is lost.",
    reason: "A notebook tells them apart, so they are two pipes, and a pipe does not say when.",
    topic: "streams",
    names: ["what a child writes to its two streams by turns"],
    expected: ({ output }) => ({ output: output.replace("e1\no2\n", "o2\ne1\n") }),
  },
];
