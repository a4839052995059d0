import type { MimeBundle } from "karenina";
import type { OutcomeOptions, Prediction } from "./predict";
import { judgementBundle } from "./verdictView";

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
