import { type Command, InvalidArgumentError, type Option } from "commander";
import { CommandError } from "./commandError";
import { answerForeign, IGNORED, isLeftOut, OTHER_NAMES } from "./foreignOptions";

/** Arguments as commander wants them, and what to say of those that were left out. */
export interface NormalArguments {
  args: string[];
  notes: string[];
}

/**
 * Brings options into commander's spelling: torch-rnn's users write `-batch_size 50`, Python's
 * `--batch_size 50`, npm's `--batch-size 50`. Options of torch-rnn and char-rnn that mean the same get the
 * name that they have here. Values stay as they are, whatever they look like.
 *
 * @throws CommandError for an option of char-rnn's that has no like here, and for an empty value that
 *   means nothing
 */
export function normalizeArguments(args: readonly string[], command: Command): NormalArguments {
  const rest = [...args];
  const normal: string[] = [];
  const notes: string[] = [];
  const optionNamed = (name: string) => command.options.find(({ long }) => long === `--${name}`);
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, written, joined] = /^--?([a-z][\w-]+)(?:=([\s\S]*))?$/i.exec(arg) ?? [];
    if (written === undefined) {
      normal.push(arg);
      continue;
    }
    const spelt = written.toLowerCase().replaceAll("_", "-");
    const other = Object.hasOwn(OTHER_NAMES, spelt) ? OTHER_NAMES[spelt] : undefined;
    // A name that has its own meaning in this command is not another program's.
    const foreign =
      other && !optionNamed(spelt) && optionNamed(other.name) ? other : { name: spelt };
    const { name, value: translate } = foreign;
    const shown = arg.split("=", 1)[0]!;
    if (Object.hasOwn(IGNORED, name)) {
      if (joined === undefined && /^(-?\d|[^-]|$)/.test(rest[0] ?? "-")) rest.shift();
      notes.push(`${shown} is left out of account: ${IGNORED[name]}.`);
      continue;
    }
    const option = optionNamed(name);
    if (!option && optionNamed("max-epochs")) answerForeign(shown, name);
    if (!option?.required || (joined === undefined && rest.length === 0)) {
      normal.push(joined === undefined ? `--${name}` : `--${name}=${joined}`);
      continue;
    }
    const given = joined ?? rest.shift()!;
    if (isLeftOut(shown, name, given)) continue;
    const value = translate ? translate(given) : given;
    if (joined === undefined) normal.push(`--${name}`, value);
    else normal.push(`--${name}=${value}`);
  }
  return { args: normal, notes };
}

/** A parser of a number in a range, for commander. */
function number(isRight: (value: number) => boolean, expected: string) {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (isRight(value)) return value;
    throw new InvalidArgumentError(`It must be ${expected}.`);
  };
}

export const wholeFrom = (minimum: number) =>
  number((n) => Number.isSafeInteger(n) && n >= minimum, `a whole number from ${minimum} up`);
export const positive = number((n) => Number.isFinite(n) && n > 0, "a number above 0");
export const notNegative = number((n) => Number.isFinite(n) && n >= 0, "a number from 0 up");
export const fraction = number((n) => n >= 0 && n < 1, "a fraction from 0 up to, not including, 1");

/** A switch that torch-rnn writes as `-verbose 1` and others as `--verbose`. */
export function switchValue(text: string): boolean {
  if (["1", "true", "yes"].includes(text)) return true;
  if (["0", "false", "no"].includes(text)) return false;
  throw new InvalidArgumentError("It must be 1 or 0.");
}

export function encoding(text: string): string {
  if (/^utf-?8$/i.test(text)) return "utf-8";
  throw new InvalidArgumentError(
    `Only UTF-8 is read. Save the file as UTF-8 first, for example with "iconv -f ${text} -t UTF-8 IN > OUT".`,
  );
}

/** What the user wrote on the command line, without defaults. */
export function givenOptions(command: Command): Option[] {
  return command.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === "cli",
  );
}

/**
 * Refuses what is no option, and says what it could have been meant as.
 *
 * @param file the option for it: a text's, or a checkpoint's, which char-rnn takes without one
 */
export function refuseOperands(
  operands: readonly string[],
  file: "--input-txt" | "--checkpoint",
): void {
  if (operands.length === 0) return;
  const [first] = operands;
  const what = file === "--checkpoint" ? "checkpoint" : "text file";
  throw new CommandError(
    `${JSON.stringify(first)} is neither an option nor an option's value. A ${what} is named by ` +
      `${file} FILE. With npm, a lone -- comes before all options: without it npm keeps them to itself.`,
    true,
  );
}
