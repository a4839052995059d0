import * as path from "node:path";
import { DataError } from "../datasets/dataError";

/** What to tell where the user's own file cannot be read; a data error passes through. */
export function explainReadError(error: unknown, file: string): unknown {
  if (error instanceof DataError) return error;
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  const absolute = path.resolve(file);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new DataError(
      "not-found",
      `There is no file ${absolute} ("${file}" seen from ${process.cwd()}). Check the path; a data set is named without dots and slashes.`,
      { cause: error },
    );
  }
  return new DataError(
    "unreadable",
    `${absolute} cannot be read (${code ?? message}). Check that you may read it.`,
    { cause: error },
  );
}
