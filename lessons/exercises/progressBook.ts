import { display, host } from "karenina";
import { lessonMode } from "../mode";
import { parseProgress, progressText, type Standings } from "./standings";
import { judgementBundle } from "./verdictView";

/** What is kept while nothing may be written. */
let memory: Standings = {};
/** A file that could not be written, so that its fault is reported once. */
let faulty: string | undefined;

/**
 * Where progress is kept: the file that KARENINA_PROGRESS names, else `progress.json` in the user's own
 * folder. Undefined where it is not to be kept: the variable is empty, a build server or fast mode runs
 * the lesson, or no kernel says which cell asks, so that a solution's cell could not be told from a
 * student's.
 */
export function progressFile(): string | undefined {
  const { KARENINA_PROGRESS: asked, CI: isServer } = host.process.environment;
  if (asked !== undefined) {
    return asked === "" ? undefined : host.store.resolve(asked);
  }
  const isTested = Boolean(isServer) || lessonMode() === "fast";
  return isTested || runningCode() === undefined ? undefined : host.store.userFile("progress.json");
}

/** The code of the cell that runs; undefined where no kernel says so. */
export function runningCode(): string | undefined {
  const cell = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.cell")];
  return (cell as { code?: string } | undefined)?.code;
}

/** All standings, as they are now. */
export function readStandings(): Standings {
  // A broken file is put aside, which only one process may do.
  return changeStandings(() => {}, { write: false });
}

/**
 * Changes standings. Where they are kept in a file, no other notebook's change is lost by it. Where the
 * file cannot be written, a line says so, once, and they are kept as long as the kernel lives.
 *
 * @returns all of them, afterwards
 */
export function changeStandings(
  change: (standings: Standings) => void,
  { write = true }: { write?: boolean } = {},
): Standings {
  const file = progressFile();
  if (file === undefined || (!write && host.store.look(file) === undefined)) {
    change(memory);
    return structuredClone(memory);
  }
  try {
    return host.store.exclusively(file, () => {
      const standings = readFile(file);
      change(standings);
      if (write) {
        host.store.write(file, progressText(standings));
      }
      return standings;
    });
  } catch (error) {
    if (faulty !== file) {
      faulty = file;
      say("Your progress is not kept", [
        (error as Error).message,
        "Until then it lasts as long as this kernel. `KARENINA_PROGRESS` names another file for it.",
      ]);
    }
    change(memory);
    return structuredClone(memory);
  }
}

/** Forgets what is kept in memory; for tests. */
export function forgetMemory(): void {
  memory = {};
  faulty = undefined;
}

/** The standings in a file; where it is broken, it is put aside, and there are none. */
function readFile(file: string): Standings {
  const entry = host.store.look(file);
  if (entry === undefined) {
    return {};
  }
  const bytes = host.store.read(file);
  try {
    return parseProgress(new TextDecoder().decode(bytes));
  } catch (error) {
    const aside = freeName(file);
    host.store.write(aside, bytes);
    host.store.remove(file);
    say("Your progress could not be read", [
      `${file} is broken: ${(error as Error).message}`,
      `It is kept as ${aside}, and your progress begins from the start. \`progress.load(file)\` brings ` +
        "back what can be read again.",
    ]);
    return {};
  }
}

/** Reports what is no fault of the cell's. */
function say(words: string, details: readonly string[]): void {
  display(judgementBundle({ icon: "!", words, color: "#D55E00" }, "progress", details));
}

function freeName(file: string): string {
  for (let n = 1; ; n++) {
    const name = `${file}.broken-${n}`;
    if (host.store.look(name) === undefined) {
      return name;
    }
  }
}
