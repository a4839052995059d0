import type { Exercise } from "./judge";

/** Judges an answer and shows the verdict below the cell. */
export interface Check<Answer> {
  (answer: Answer): void;
  /**
   * The answer itself where it is right, and the exercise's own where it is wrong or missing, so that
   * cells which build on it run in either case. A line below the cell says when it is not the student's.
   */
  use(answer: Answer): Answer;
  /**
   * Says whether an answer earns its points, for graders such as nbgrader; it is no attempt, and no error
   * in any mode.
   *
   * @returns 0 where it does not; nothing where it does, which nbgrader takes for full marks
   */
  mark(answer: Answer): 0 | undefined;
  /** What the check knows, for tests and for teachers. */
  readonly exercise: Exercise<Answer>;
}
