import { display } from "karenina";
import { isUntried } from "./notTried";
import {
  type OutcomeOptions,
  type OutcomeVerdict,
  outcomeBundle,
  type Prediction,
  predictionBundle,
} from "./predictionView";

export type { OutcomeOptions, Prediction };

/**
 * Asks for a guess before a cell is run, keeps it, and shows that it was kept. NaN or an empty text
 * means that there is none yet: that is no error in any mode, so that "Run All" goes on.
 *
 * @param question in a few words; it stands above the outcome, too
 * @param choices what may be guessed, two at least; left out where a number is asked for
 * @param guess the student's
 * @throws RangeError for a guess that is none of the choices, or fewer than two choices
 * @throws TypeError for something else than a number where there are no choices
 *
 * @example
 * const firstLoss = predict("The first loss", NaN); // your guess, in nats
 * const way = predict("Which way does w go?", ["left", "right"], ""); // one of the two
 */
export function predict(question: string, guess: number): Prediction<number>;
export function predict<Choice extends string, Guess extends Choice>(
  question: string,
  choices: readonly Choice[],
  guess: Guess | "",
): Prediction<Choice>;
export function predict(
  question: string,
  ...given: readonly [number] | readonly [readonly string[], string]
): Prediction {
  const [choices, guess] = given.length === 1 ? [undefined, given[0]] : given;
  const kept = isUntried(guess) ? undefined : guess;
  requirePossible(question, choices, kept);
  const prediction: Prediction = { question, guess: kept, choices };
  display(predictionBundle(prediction));
  return prediction;
}

/**
 * Shows what came beside what was predicted. Without a guess it shows the outcome alone. It never ends
 * a run because a guess was wrong.
 *
 * @param prediction what `predict` returned
 * @param actual what came: a number, or one of the choices
 * @throws RangeError for an outcome that is none of the choices
 *
 * @example
 * outcome(firstLoss, losses[0], { unit: "nats", because: "All classes are as likely: ln 3." });
 */
export function outcome<Guess extends number | string>(
  prediction: Prediction<Guess>,
  actual: Guess,
  options: OutcomeOptions = {},
): void {
  const { choices, question } = prediction;
  if (choices !== undefined && !choices.includes(actual)) {
    throw new RangeError(
      `The outcome of "${question}" is "${actual}", but the choices are ${listed(choices)}. ` +
        "Add it to the choices of predict, or mend how the outcome is computed.",
    );
  }
  display(outcomeBundle(prediction, actual, verdictOf(prediction.guess, actual, options), options));
}

function verdictOf(
  guess: number | string | undefined,
  actual: number | string,
  { within = 0.1 }: OutcomeOptions,
): OutcomeVerdict {
  if (guess === undefined) {
    return "no guess";
  }
  if (typeof guess === "string" || typeof actual === "string") {
    return guess === actual ? "as predicted" : "surprise";
  }
  const near = guess === actual || Math.abs(guess - actual) <= within * Math.abs(actual);
  return near ? "as predicted" : "surprise";
}

function requirePossible(
  question: string,
  choices: readonly string[] | undefined,
  guess: number | string | undefined,
): void {
  if (choices === undefined) {
    if (guess !== undefined && typeof guess !== "number") {
      throw new TypeError(
        `The guess for "${question}" is ${JSON.stringify(guess)}, but must be a number, or NaN as long ` +
          "as you have none.",
      );
    }
    return;
  }
  if (choices.length < 2) {
    throw new RangeError(
      `The prediction "${question}" has ${choices.length} choices, but needs two at least.`,
    );
  }
  if (guess !== undefined && !choices.some((choice) => choice === guess)) {
    throw new RangeError(
      `The guess for "${question}" is ${JSON.stringify(guess)}, but must be one of ` +
        `${listed(choices)}, or "" as long as you have none.`,
    );
  }
}

function listed(choices: readonly (number | string)[]): string {
  return choices.map((choice) => JSON.stringify(choice)).join(", ");
}
