import type { MimeBundle } from "karenina";
import { judgementBundle } from "./verdictView";

/** What a student expects before a cell runs. It is kept until `outcome` shows what came. */
export interface Prediction<Guess extends number | string = number | string> {
  readonly question: string;
  /** The guess; undefined where there is none yet. */
  readonly guess: Guess | undefined;
  /** What could be chosen from; undefined where a number was asked for. */
  readonly choices: readonly Guess[] | undefined;
}

/** How an outcome is compared and explained. */
export interface OutcomeOptions {
  /** Shown below the outcome: why it is so. Code stands between backticks. */
  because?: string;
  /** Stands behind numbers: "nats", "%". Default none. */
  unit?: string;
  /** How far a guessed number may be off, as a share of the outcome, to count as right. Default 0.1. */
  within?: number;
}

/** How a guess and an outcome go together. */
export type OutcomeVerdict = "as predicted" | "surprise" | "no guess";

/** Green, orange and grey of Okabe and Ito's, each with at least 3 : 1 on white and on black pages. */
const looks = {
  "as predicted": { icon: "✓", words: "As you predicted", color: "#009E73" },
  surprise: { icon: "≠", words: "Not what you predicted", color: "#D55E00" },
  "no guess": { icon: "○", words: "No guess", color: "#808080" },
} as const;

/** That a guess was kept, or what may be guessed. */
export function predictionBundle({ question, guess, choices }: Prediction): MimeBundle {
  if (guess !== undefined) {
    const look = { icon: "✎", words: "Your guess is kept", color: "#0072B2" };
    return judgementBundle(look, question, [shown(guess)]);
  }
  const look = { icon: "○", words: "No guess yet", color: "#808080" };
  const possible = choices === undefined ? "A number." : `${choices.map(String).join(" / ")}`;
  return judgementBundle(look, question, [possible]);
}

/** The guess beside what came. */
export function outcomeBundle(
  { question, guess }: Prediction,
  actual: number | string,
  verdict: OutcomeVerdict,
  { because, unit = "" }: OutcomeOptions,
): MimeBundle {
  const withUnit = (value: number | string) =>
    typeof value === "number" && unit !== "" ? `${shown(value)} ${unit}` : shown(value);
  const came = `Outcome: ${withUnit(actual)}`;
  const both = guess === undefined ? came : `Your guess: ${withUnit(guess)} · ${came}`;
  const details = because === undefined ? [both] : [both, because];
  return judgementBundle(looks[verdict], question, details);
}

function shown(value: number | string): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : value;
}
