import "../node";
import * as path from "node:path";
import { CommanderError } from "commander";
import { normalizeArguments } from "./arguments";
import { CommandError, EXIT } from "./exit";
import { createProgram } from "./program";

/** npm starts programs in the package's folder; names of files are meant from where the user is. */
function goWhereTheUserIs(): void {
  const { INIT_CWD: from, npm_package_json: packageJson } = process.env;
  if (!from || !packageJson || process.cwd() !== path.dirname(packageJson)) {
    return;
  }
  const isInside = !path.relative(process.cwd(), from).startsWith("..");
  if (isInside) {
    process.chdir(from);
  }
}

/**
 * Goes on where output can't be written: a training is worth more than its lines. A reader that
 * went away, as after `| head`, is no error; a full disk below stdout is one, told at the end by the
 * exit status, too.
 */
function outliveLostOutput(): void {
  // There is nowhere left to say so.
  process.stderr.on("error", () => {});
  let isLost = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isLost) {
      return;
    }
    isLost = true;
    console.error(
      `Nothing more can be written to stdout: ${error.message}. Send it to another place; a training goes on without, and keeps its checkpoints.`,
    );
  });
  process.once("exit", () => {
    if (isLost && !process.exitCode) {
      process.exitCode = EXIT.failed;
    }
  });
}

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

async function main(): Promise<void> {
  outliveLostOutput();
  goWhereTheUserIs();
  const program = createProgram((status) => {
    process.exitCode = status;
  });
  const [name, ...rest] = process.argv.slice(2);
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
  } catch (error) {
    process.exitCode = report(error);
  }
}

void main();
