/**
 * What the grader and the process in the sandbox say to each other: a line of JSON each, by the
 * sandbox's standard input and by its descriptor {@link SEEN}.
 */
import type { Declaration } from "../../kernel/session/compile/declaration";
import type { Observation } from "../../lessons/exercises/observationData";

/** The descriptor that the process in the sandbox writes to. */
export const SEEN = 3;

/** A compiled cell, as far as it takes to run it. */
export interface CellToRun {
  number: number;
  file: string;
  name: string;
  javascript: string;
  imports: string[];
  results: string[];
  hasValue: boolean;
  declarations: Declaration[];
}

export type ToSandbox =
  | { type: "run"; cell: CellToRun }
  /** Lays an exercise's answer open to later cells: a module that knows it. */
  | { type: "open"; exercise: string; javascript: string };

export type FromSandbox =
  | { type: "ready" }
  | { type: "seen"; exercise: string; observation: Observation }
  /** A cell has ended; the names that it has given values to, and its error's first line. */
  | { type: "ran"; given: string[]; error?: string }
  | { type: "opened" };
