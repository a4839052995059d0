// What is known of a student's exercises, as a file of progress holds it. It needs nothing else of the course.

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

/** The standing of an exercise that nobody has tried. */
export const blank = (): Standing => ({
  attempts: 0,
  hints: 0,
  solution: false,
  right: false,
  time: new Date().toISOString(),
});

/** The text of a file of progress. */
export function progressText(standings: Standings): string {
  return `${JSON.stringify({ ...FORMAT, exercises: standings }, null, 2)}\n`;
}

/**
 * Adds what another machine knew: of each exercise, the larger numbers count, and what was right in one of
 * the two is right. Adding the same twice changes nothing more.
 */
export function addStandings(standings: Standings, others: Standings): void {
  for (const [name, other] of Object.entries(others)) {
    const own = standings[name];
    standings[name] = own === undefined ? other : merged(own, other);
  }
}

function merged(a: Standing, b: Standing): Standing {
  return {
    attempts: Math.max(a.attempts, b.attempts),
    hints: Math.max(a.hints, b.hints),
    solution: a.solution || b.solution,
    right: a.right || b.right,
    time: Date.parse(a.time) > Date.parse(b.time) ? a.time : b.time,
  };
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
