import "../node";
import * as path from "node:path";
import { runCommandLine } from "./commandLine";
import { EXIT } from "./exit";

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

async function main(): Promise<void> {
  outliveLostOutput();
  goWhereTheUserIs();
  process.exitCode = await runCommandLine(process.argv.slice(2));
}

void main();
