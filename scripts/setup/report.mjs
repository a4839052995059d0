// What set-up says: one line a step, and one paragraph with the remedy for an error.

/** An error whose message is written for the user; shown without a stack. */
export class SetupError extends Error {
  name = "SetupError";
}

/**
 * @param {{ stream?: NodeJS.WriteStream }} [options] where lines go; stdout by default
 */
export function reporter({ stream = process.stdout } = {}) {
  const label = (name) => `  ${name.padEnd(13)}`;
  let open = false;
  const clear = () => {
    if (open) {
      stream.write("\r\x1b[2K");
    }
    open = false;
  };
  return {
    /** A heading or a remark on a line of its own. */
    say(text) {
      clear();
      stream.write(`${text}\n`);
    },
    /** What is going on now; only on a terminal, and replaced by the next line. */
    doing(name, text) {
      if (!stream.isTTY) {
        return;
      }
      clear();
      stream.write(`${label(name)}${text} ...`);
      open = true;
    },
    /** Ends the line of `doing`, so that a command may draw below it. */
    handOver() {
      if (open) {
        stream.write("\n");
      }
      open = false;
    },
    /** The outcome of a step. */
    done(name, text, milliseconds) {
      clear();
      stream.write(`${label(name)}${text} (${(milliseconds / 1000).toFixed(1)} s)\n`);
    },
  };
}

/** @typedef {ReturnType<typeof reporter>} Reporter */

/**
 * Runs a script's main function and ends the process with the exit status that it returns.
 *
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(error instanceof SetupError ? `\n${error.message}\n` : `${error.stack}\n`);
    process.exitCode = 1;
  }
}
