import { display, host, preformatted } from "karenina";
import { nameOf } from "./course";
import type { Exercise } from "./judge";
import { changeStandings } from "./progressBook";
import { solutions } from "./solutions";
import { blank } from "./standings";
import { judgementBundle } from "./verdictView";

/** What `hint` and `solution` read of an exercise. */
type Asked = Pick<Exercise<never>, "title" | "nudge" | "hint">;

/** A function without arguments for each exercise of `check`, by its name. */
export type ForEach<Checks> = { readonly [Name in keyof Checks]: () => void };

/** Blue of Okabe and Ito's, with at least 3 : 1 on white and on black pages. */
const look = { icon: "➤", color: "#0072B2" };

/**
 * Shows an exercise's hints, one step at each call: a nudge, which says where to look; the hint; and
 * where the solution is. From then on the last two are shown. An exercise without a nudge has two steps.
 */
export function hintsOf<Checks extends Record<keyof Checks, { exercise: Asked }>>(
  checks: Checks,
): ForEach<Checks> {
  return forEach(checks, (exercise, name) => {
    const steps = [exercise.nudge, exercise.hint, pointer(name)].filter(
      (text): text is string => text !== undefined,
    );
    const step = countHint(name, steps.length);
    const shown = step === steps.length ? steps.slice(-2) : [steps[step - 1]];
    const words = `Hint ${step} of ${steps.length}`;
    display(judgementBundle({ ...look, words }, exercise.title, shown));
  });
}

/**
 * Shows the solution that the lesson has, as code. Where a class keeps solutions closed
 * (KARENINA_SOLUTIONS=closed), a line says so instead.
 */
export function solutionsOf<Checks extends Record<keyof Checks, { exercise: Asked }>>(
  checks: Checks,
): ForEach<Checks> {
  return forEach(checks, (exercise, name) => {
    if (areClosed()) {
      const words = "No solution yet";
      display(judgementBundle({ ...look, words }, exercise.title, [pointer(name)]));
      return;
    }
    changeStandings((all) => {
      all[name] = { ...(all[name] ?? blank()), solution: true, time: new Date().toISOString() };
    });
    preformatted(solutions[name], { title: `Solution · ${exercise.title}` });
  });
}

function forEach<Checks extends Record<keyof Checks, { exercise: Asked }>>(
  checks: Checks,
  show: (exercise: Asked, name: string) => void,
): ForEach<Checks> {
  const functions = Object.values<{ exercise: Asked }>(checks).map(({ exercise }) => {
    const { exercise: name } = nameOf(exercise);
    return [name, () => show(exercise, name)] as const;
  });
  return Object.fromEntries(functions) as ForEach<Checks>;
}

/** Which step of an exercise's hints it is now. */
function countHint(name: string, steps: number): number {
  const standings = changeStandings((all) => {
    const before = all[name] ?? blank();
    const hints = Math.min(before.hints + 1, steps);
    all[name] = { ...before, hints, time: new Date().toISOString() };
  });
  return standings[name].hints;
}

function pointer(name: string): string {
  return areClosed()
    ? "Your class keeps the solutions closed for now. Ask your teacher, or a fellow student how far they have come."
    : `\`solution.${name}()\` shows the lesson's own solution. Read it, close it, and write yours from memory.`;
}

function areClosed(): boolean {
  return host.process.environment.KARENINA_SOLUTIONS === "closed";
}
