import { display, host } from "karenina";
import { lessonMode } from "../mode";
import { judgementBundle } from "./verdictView";

/** How far a student has come with an exercise. */
export interface Standing {
  /** Answers that were checked, without those that were empty. */
  attempts: number;
  /** How many steps of its hints were seen: 0 to 3. */
  hints: number;
  /** Whether `solution` has shown the course's own. */
  solution: boolean;
  /** Whether an answer was right, once. */
  right: boolean;
  /** When the last of this happened: ISO 8601, in UTC. */
  time: string;
}

/** By the names of exercises. */
export type Standings = Record<string, Standing>;

/** How the file begins, so that no other file is taken for one. */
const FORMAT = { format: "karenina-progress", version: 1 };

/** What is kept while nothing may be written. */
let memory: Standings = {};
/** A file that could not be written, so that its fault is reported once. */
let faulty: string | undefined;

/** The standing of an exercise that nobody has tried. */
export const blank = (): Standing => ({
  attempts: 0,
  hints: 0,
  solution: false,
  right: false,
  time: new Date().toISOString(),
});

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

/** The text of a file of progress. */
export function progressText(standings: Standings): string {
  return `${JSON.stringify({ ...FORMAT, exercises: standings }, null, 2)}\n`;
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

/**
 * The standings in the text of a file of progress.
 *
 * @throws Error in one sentence, where it is none
 */
export function parseProgress(text: string): Standings {
  let value: Partial<typeof FORMAT> & { exercises?: unknown };
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON.");
  }
  if (value?.format !== FORMAT.format || value.version !== FORMAT.version) {
    throw new Error(
      `it does not begin with "format": "${FORMAT.format}" and "version": ${FORMAT.version}.`,
    );
  }
  const { exercises } = value;
  if (typeof exercises !== "object" || exercises === null) {
    throw new Error('it has no "exercises".');
  }
  for (const [name, standing] of Object.entries(exercises)) {
    if (!isStanding(standing)) {
      throw new Error(
        `its entry "${name}" is not one of attempts, hints, solution, right and time.`,
      );
    }
  }
  return { ...(exercises as Standings) };
}

function isStanding(value: unknown): value is Standing {
  const { attempts, hints, solution, right, time } = (value ?? {}) as Partial<Standing>;
  const isCount = (each: unknown) => Number.isInteger(each) && (each as number) >= 0;
  return (
    isCount(attempts) &&
    isCount(hints) &&
    typeof solution === "boolean" &&
    typeof right === "boolean" &&
    !Number.isNaN(Date.parse(time ?? ""))
  );
}
