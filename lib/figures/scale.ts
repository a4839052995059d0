import type { LayoutAxis } from "plotly.js";

/**
 * An axis' scale. Where a logarithmic one spans a few powers of ten, Plotly's own labels meet: here 1, 2
 * and 5 of each power are named over up to two and a half powers, and over more only the powers.
 *
 * @param values what is drawn along the axis; gaps (NaN) are passed over
 */
export function scaled(
  type: "linear" | "log",
  values: readonly ArrayLike<number>[],
): Partial<LayoutAxis> {
  if (type === "linear") return { type };
  const logs = values.flatMap((some) => Array.from(some, Math.log10)).filter(Number.isFinite);
  const decades = logs.reduce((a, b) => Math.max(a, b)) - logs.reduce((a, b) => Math.min(a, b));
  if (decades < 0.8 || decades > 6) return { type };
  return { type, dtick: decades <= 2.5 ? "D2" : 1 };
}
