/** What a rule may ask of the function that it makes small. */
export interface Objective {
  /** The gradient at a point, of the point's length. */
  gradient(at: readonly number[]): number[];
  /** The matrix of second derivatives at a point, row by row; only Newton's method asks for it. */
  hessian?(at: readonly number[]): number[][];
}

/** What one step of a rule gives back. */
export interface Step<State extends object> {
  /** The new parameters; the old ones are left as they were. */
  parameters: number[];
  /** What the rule remembers, for its next step. */
  state: State;
}

/**
 * An update rule as its formula says it: from parameters to the next parameters, without side effects.
 *
 * The first step gets the state `{}`. A gradient that was computed elsewhere is an objective too:
 * `{ gradient: () => computed }`.
 */
export type Rule<State extends object, Options extends object = object> = (
  parameters: readonly number[],
  objective: Objective,
  state?: Partial<State>,
  options?: Options,
) => Step<State>;

/** As many zeros as there are parameters. */
export function zeros(parameters: readonly number[]): number[] {
  return parameters.map(() => 0);
}
