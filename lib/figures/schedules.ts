import { type Figure, FigureError } from "./figure";
import { curvesFigure } from "./lines";
import { formatNumber, requireCount, requireNumbers } from "./numbers";

export interface SchedulesOptions {
  /** How many steps are drawn, from step 0. */
  steps: number;
  /** Default "Learning-rate schedules". */
  title?: string;
  /** "log" for rates that fall by powers of ten. Default "linear". */
  yScale?: "linear" | "log";
}

/**
 * Learning rates against the step of training.
 *
 * @param schedules functions from the step, counted from 0, to the learning rate, by name
 * @throws FigureError for no schedule, fewer than one step, or a rate that is not finite
 *
 * @example
 * show(schedulesFigure({ halving: stepSchedule({ initial: 0.1, every: 30 }) }, { steps: 100 }));
 */
export function schedulesFigure(
  schedules: Readonly<Record<string, (step: number) => number>>,
  { steps, title = "Learning-rate schedules", yScale = "linear" }: SchedulesOptions,
): Figure {
  requireCount("steps", steps);
  const entries = Object.entries(schedules);
  if (entries.length === 0) {
    throw new FigureError(
      "There is no schedule to draw. Pass functions by name: { constant: () => 0.1 }.",
    );
  }
  // A thousand steps show the shape; the curve says how many were left out.
  const asked = Math.min(steps, 1000);
  const x = Array.from({ length: asked }, (_, k) =>
    asked === 1 ? 0 : Math.round((k * (steps - 1)) / (asked - 1)),
  );
  const curves = entries.map(([name, schedule]) => {
    const y = x.map(schedule);
    requireNumbers(`learning rate of "${name}"`, y, (i) => `at step ${formatNumber(x[i]!)}`);
    return { name, x, y };
  });
  return curvesFigure(curves, { title, xTitle: "step", yTitle: "learning rate", yScale });
}
