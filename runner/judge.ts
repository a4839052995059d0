import { stripVTControlCharacters } from "node:util";
import type { ErrorOutput, Output } from "./client";

/** Why a cell failed: one line, and where there is more the whole text. */
export interface Fault {
  summary: string;
  details?: string;
}

/** What a cell brought about. */
export interface CellResult {
  status: string;
  outputs: readonly Output[];
  /** The content of the reply. */
  reply?: Record<string, unknown>;
}

/**
 * What is wrong with an executed cell, if anything.
 *
 * A reply other than `ok` or `error` means that the kernel did not run the cell: the protocol's
 * word is `aborted`, stock tslab says `abort`. An expected error does not excuse that.
 */
export function judge(
  { status, outputs, reply = {} }: CellResult,
  errorExpected: boolean,
): Fault | undefined {
  if (status !== "ok" && status !== "error") {
    return { summary: `the kernel answered "${status}": the cell was not run` };
  }
  const raised = status === "error" || outputs.some(isError);
  if (errorExpected) {
    return raised
      ? undefined
      : { summary: 'the cell is tagged "raises-exception" but raised none' };
  }
  return raised ? raisedError(outputs, reply) : backgroundError(outputs);
}

function isError(output: Output): output is ErrorOutput {
  return output.output_type === "error";
}

function raisedError(outputs: readonly Output[], reply: Record<string, unknown>): Fault {
  const error = outputs.find(isError);
  if (error) {
    return errorFault(error);
  }
  if (reply.ename) {
    const { ename, evalue, traceback } = reply;
    return errorFault({
      output_type: "error",
      ename: String(ename),
      evalue: String(evalue ?? ""),
      traceback: Array.isArray(traceback) ? traceback.map(String) : [],
    });
  }
  // Stock tslab tells errors only as text on stderr: a stack behind the source line, or the
  // compiler's messages.
  const text = plain(stderrOf(outputs)).trim();
  const named = /^(Uncaught )?[\w.$]*(Error|Exception)\b.*$/m.exec(text)?.[0];
  return { summary: named ?? firstLine(text) ?? "the kernel reported an error", details: text };
}

/** Stock tslab answers `ok` when a rejection or a throw in a timer is caught by nobody. */
function backgroundError(outputs: readonly Output[]): Fault | undefined {
  const text = plain(stderrOf(outputs));
  const start = text.search(/^(UnhandledPromiseRejection|UncaughtException): /m);
  if (start < 0) {
    return undefined;
  }
  const details = text.slice(start).trim();
  return { summary: firstLine(details)!, details };
}

function stderrOf(outputs: readonly Output[]): string {
  return outputs
    .map((output) =>
      output.output_type === "stream" && output.name === "stderr" ? output.text : "",
    )
    .join("");
}

function errorFault({ ename, evalue, traceback }: ErrorOutput): Fault {
  const whole = [ename, evalue].filter((part) => part !== "").join(": ");
  return {
    summary: firstLine(plain(whole)) ?? "an error without a name",
    details: plain(traceback.length > 0 ? traceback.join("\n") : whole),
  };
}

/** The first line that is not blank. */
export function firstLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "");
}

/** Text without terminal control sequences and other characters that XML 1.0 forbids. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(
    /(?![\t\n])[\p{Control}\p{Surrogate}\ufffe\uffff]/gu,
    "",
  );
}

/** Why a notebook failed, and in which cell. */
export interface Failure extends Fault {
  /** The cell's place among all cells, from 1; undefined where no cell is to blame. */
  cell?: number;
  /** Its first line that is not blank. */
  line?: string;
}

/** A failure in one line. */
export function failureLine({ cell, line, summary }: Failure): string {
  return cell === undefined ? summary : `cell ${cell}, "${line}": ${summary}`;
}
