import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CodeCell } from "./codeCells";
import { type Assertion, countAssertions } from "./countedCode";
import { type Failure, failureLine, plain } from "./judge";

/** How an assertion came out in one run of its notebook. */
export interface Outcome extends Assertion {
  /**
   * Whether it held, each time that it was evaluated. Undefined where a run that went well did not
   * come to it: it stands in a branch that was not taken.
   */
  held: boolean | undefined;
  /** Why it did not hold. */
  message?: string;
}

/** The longest message that is kept. */
const MESSAGE_LENGTH = 500;

/** Counts the assertions of one run of a notebook. */
export class OutcomeRecorder {
  private readonly folder = mkdtempSync(join(tmpdir(), "assertions-"));
  private readonly file = join(this.folder, "outcomes.jsonl");
  private readonly assertions: Assertion[];

  /**
   * @param cells what they run is changed: see {@link countAssertions}. Those that are not run, and
   *   those that have to raise an error, be it an assertion's, stay as they are.
   */
  constructor(cells: readonly CodeCell[]) {
    const counted = cells.filter(({ skip, errorExpected }) => !skip && !errorExpected);
    const { assertions, codes } = countAssertions(counted);
    this.assertions = assertions;
    for (const [index, cell] of counted.entries()) {
      cell.code = codes[index];
    }
  }

  /** The environment of a kernel that is to be recorded. */
  environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const preload = JSON.stringify(join(__dirname, "recordAssertions.cjs"));
    const options = env.NODE_OPTIONS ?? process.env.NODE_OPTIONS ?? "";
    return {
      ...env,
      NODE_OPTIONS: `${options} --require ${preload}`.trim(),
      KARENINA_ASSERTIONS: this.file,
    };
  }

  /**
   * What was recorded.
   * @param failure what ended the run early: assertions behind it count as failed.
   */
  outcomes(failure: Failure | undefined): Outcome[] {
    const lines = existsSync(this.file) ? readFileSync(this.file, "utf8").split("\n") : [];
    const outcomes = this.assertions.map(
      (assertion): Outcome => ({ ...assertion, held: undefined }),
    );
    for (const line of lines.filter((line) => line !== "")) {
      const { id, ok, message } = JSON.parse(line) as { id: number; ok: boolean; message?: string };
      const outcome = outcomes[id];
      if (!ok && outcome.held !== false) {
        outcome.held = false;
        outcome.message = plain(message ?? "").slice(0, MESSAGE_LENGTH);
      }
      outcome.held ??= true;
    }
    if (failure) {
      for (const outcome of outcomes) {
        if (outcome.held === undefined && outcome.cell >= (failure.cell ?? 0)) {
          outcome.held = false;
          outcome.message = `not reached: ${failureLine(failure)}`;
        }
      }
    }
    return outcomes;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The failure of a run that went well but for its assertions. */
export function failedAssertions(outcomes: readonly Outcome[]): Failure | undefined {
  const failed = outcomes.filter(({ held }) => held === false);
  if (failed.length === 0) {
    return undefined;
  }
  const [{ cell, text, message }] = failed;
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more failed assertions)` : "";
  return {
    cell,
    line: text,
    summary: `the assertion failed: ${message?.split("\n")[0]}${others}`,
    details: failed
      .map(({ cell, line, text, message }) => `cell ${cell}, line ${line}: ${text}\n    ${message}`)
      .join("\n"),
  };
}
