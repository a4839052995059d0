import { distance } from "fastest-levenshtein";
import { nameOf } from "./errors";
import { OptionError, type Refusal } from "./options";

/** All names that options of a kind may have; the compiler sees to it that none is left out. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** What is done beside the usual. */
interface NamesRefusal extends Pick<Refusal, "Thrown"> {
  /**
   * What becomes of a name that resembles none: "refused", or "ignored" where callers hand over the
   * configuration of a search, which serves several functions. Default "refused".
   */
  others?: "refused" | "ignored";
  /** What to write for a name that other programs have, beyond the usual. */
  remedies?: Readonly<Record<string, string>>;
}

/** What other libraries call options that have another name here. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  lr: ["learningRate"],
  eps: ["epsilon"],
  delimiter: ["separator"],
  navalues: ["missing"],
  indexcol: ["index"],
  skiprows: ["skip"],
  dtype: ["types"],
  names: ["columns"],
  seqlength: ["steps"],
  monitor: ["watch"],
  criterion: ["loss"],
};

/**
 * Makes sure that options are an object in which every name means something: a misspelt one would be
 * ignored without a word, where nothing but types looks at it.
 *
 * @param reader the function, as its callers write it
 * @throws OptionError, or another, naming the first option that there is not, and the one that was meant
 */
export function requireNames<Options>(
  reader: string,
  options: unknown,
  names: OptionNames<Options>,
  { Thrown = OptionError, others = "refused", remedies = {} }: NamesRefusal = {},
): void {
  const known = Object.keys(names);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new Thrown(
      `The options of ${reader} are ${nameOf(options)}, but must be an object with ${known.join(", ")}.`,
    );
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) {
      continue;
    }
    const meant = meantBy(name, known);
    const remedy = Object.hasOwn(remedies, name) ? remedies[name] : undefined;
    if (others === "ignored" && meant === undefined && remedy === undefined) {
      continue;
    }
    const guess = meant === undefined ? "" : `Did you mean "${meant}"? `;
    throw new Thrown(
      `${reader} has no option "${name}". ${remedy ?? `${guess}It has ${known.join(", ")}.`}`,
    );
  }
}

/** The option that a name stands for: misspelt, cut short, or another library's. */
function meantBy(name: string, known: readonly string[]): string | undefined {
  const plain = spelling(name);
  const elsewhere = Object.hasOwn(ELSEWHERE, plain) ? ELSEWHERE[plain] : [];
  const whole = known.find((each) => elsewhere.includes(each) || spelling(each) === plain);
  if (whole !== undefined) {
    return whole;
  }
  if (plain.length < 3) {
    return undefined;
  }
  const byDistance = known
    .map((each) => ({ each, far: distance(spelling(each), plain) }))
    .sort((a, b) => a.far - b.far);
  const [nearest] = byDistance;
  // One letter in four may be wrong, or the name may be a part of the other.
  if (nearest && nearest.far <= Math.max(1, Math.floor(plain.length / 4))) {
    return nearest.each;
  }
  const isPart = (each: string) =>
    spelling(each).startsWith(plain) || (plain.length >= 5 && spelling(each).endsWith(plain));
  return known.find(isPart);
}

/** Without what programs differ in: learning_rate, learning-rate and learningRate are one. */
function spelling(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
