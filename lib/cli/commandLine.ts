import { CommanderError } from "commander";
import { normalizeArguments } from "./arguments";
import { CommandError, EXIT } from "./exit";
import { createProgram } from "./program";

/** Tells an error in a paragraph; one that nobody foresaw with its stack, for a report. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has told it already; help that was asked for is no error.
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  const foreseen =
    error instanceof Error &&
    ![TypeError, RangeError, ReferenceError, SyntaxError].includes(error.constructor as never);
  console.error(foreseen ? error.message : error);
  return error instanceof CommandError && error.isUsage ? EXIT.usage : EXIT.failed;
}

/**
 * Runs a command by its words, the command's name first. Results go to stdout, all else to stderr.
 *
 * @returns the exit status: one of `EXIT`
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = createProgram((given) => {
    status = given;
  });
  const [name, ...rest] = words;
  const command = program.commands.find((each) => each.name() === name);
  try {
    const { args, notes } =
      command && name !== "datasets"
        ? normalizeArguments(rest, command)
        : { args: rest, notes: [] };
    for (const note of notes) {
      console.error(note);
    }
    await program.parseAsync(name === undefined ? [] : [name, ...args], { from: "user" });
    return status;
  } catch (error) {
    return report(error);
  }
}
