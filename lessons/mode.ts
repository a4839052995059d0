/**
 * How much a lesson computes: "fast" for tests (seconds), "browser" for a student whose lessons run in a
 * page, where a step of training takes several times as long (minutes), "lesson" for a student at work
 * (minutes), "full" for the numbers of the original article (hours).
 */
export type LessonMode = "fast" | "browser" | "lesson" | "full";

/** A value for each mode; that for pages is the fast one where nothing else is said. */
export type ValuesByMode<T> = Readonly<Record<Exclude<LessonMode, "browser">, T> & { browser?: T }>;

const modes: readonly LessonMode[] = ["fast", "browser", "lesson", "full"];

/**
 * The mode that this process was asked for by the environment variable KARENINA_MODE.
 *
 * @returns "lesson" where nothing was asked for
 * @throws RangeError for a mode that does not exist
 */
export function lessonMode(): LessonMode {
  const asked = process.env.KARENINA_MODE || "lesson";
  const mode = modes.find((name) => name === asked);
  if (mode === undefined) {
    throw new RangeError(
      `KARENINA_MODE is "${asked}", but must be one of ${modes.join(", ")}. ` +
        "Set it to one of these, or unset it for lesson mode, and restart the kernel.",
    );
  }
  return mode;
}

/**
 * The value for the mode that runs.
 *
 * @throws RangeError where KARENINA_MODE is none of the four
 *
 * @example
 * const epochs = byMode({ fast: 1, lesson: 2, full: 20 });
 */
export function byMode<T>(values: ValuesByMode<T>): T {
  const mode = lessonMode();
  return mode === "browser" && !("browser" in values) ? values.fast : (values[mode] as T);
}
