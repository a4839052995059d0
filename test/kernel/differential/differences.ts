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

export const DIFFERENCES: Difference[] = [];
