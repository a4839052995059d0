import type { ColorBar, Data, Frame, Layout, LayoutAxis } from "plotly.js";
import { KareninaError } from "../errors";

/**
 * A Plotly figure: plain data that any Plotly can draw, in Python or in a browser too. `summary` says
 * in words and numbers what the picture shows, for those who cannot see it.
 */
export interface Figure {
  data: Data[];
  layout: Partial<Layout>;
  /** States that a slider or a button goes through; a picture shows the figure without them. */
  frames?: Frame[];
  summary?: string;
}

/** Thrown where numbers cannot be drawn as asked; the message says what to do. */
export class FigureError extends KareninaError {
  override name = "FigureError";
  readonly code = "bad-figure";
}

/**
 * Okabe and Ito's colours, which colour-blind readers can tell apart (Color Universal Design, 2008),
 * without their black and yellow, which vanish on a dark and on a light page. The ones with most
 * contrast on both come first.
 */
export const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"] as const;

/** Dashes that go round with the colours, so that lines differ in print too. */
export const dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"] as const;

/** A grey with a contrast of 4.5 on white and 4.2 on JupyterLab's dark page. */
export const inkColor = "#767676";

const gridColor = "rgba(128, 128, 128, 0.25)";

/** Room around the plot for titles and tick labels, in pixels. */
export const standardMargin = { l: 56, r: 24, t: 64, b: 56 } as const;

/** How tall a figure is where it does not say, in pixels. */
export const defaultHeight = 360;

/** Options of the bar that explains a colour scale, in the common style; `title` as of an axis. */
export function colorBar(title: string, options: Partial<ColorBar> = {}): Partial<ColorBar> {
  return {
    title: { text: plainText(title), side: "right" },
    thickness: 12,
    outlinewidth: 0,
    ...options,
  };
}

/** Axis options with the common style; `title` names the quantity and its unit. */
export function axis(title: string, options: Partial<LayoutAxis> = {}): Partial<LayoutAxis> {
  return {
    title: { text: plainText(title), standoff: 8 },
    automargin: true,
    zeroline: false,
    showline: true,
    linecolor: inkColor,
    gridcolor: gridColor,
    ticks: "outside",
    tickcolor: inkColor,
    // Powers of ten where others would write 100μ.
    ...(options.type === "log" ? { exponentformat: "power" } : {}),
    ...options,
  };
}

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
  if (type === "linear") {
    return { type };
  }
  const logs = values.flatMap((some) => Array.from(some, Math.log10)).filter(Number.isFinite);
  const [low, high] = [
    logs.reduce((a, b) => Math.min(a, b)),
    logs.reduce((a, b) => Math.max(a, b)),
  ];
  const decades = high - low;
  if (decades < 0.8 || decades > 6) {
    return { type };
  }
  if (decades > 2.5) {
    return { type, dtick: 1 };
  }
  // By name, since Plotly writes "5, 10², 2": some powers, and single digits for what lies between.
  const powers = Array.from(
    { length: Math.ceil(high) - Math.floor(low) + 1 },
    (_, i) => 10 ** (Math.floor(low) + i),
  );
  const tickvals = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const plain = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 1 });
  return {
    type,
    tickmode: "array",
    tickvals,
    ticktext: tickvals.map((tick) => plain.format(tick)),
  };
}

/** A figure in the common style: transparent, so that it sits on light and on dark pages. */
export function styledFigure(parts: {
  title: string;
  data: Data[];
  layout: Partial<Layout>;
  summary: string;
}): Figure {
  const { title, data, layout, summary } = parts;
  const transparent = "rgba(0, 0, 0, 0)";
  return {
    data,
    layout: {
      title: { text: plainText(title), font: { size: 16 }, x: 0.01, xanchor: "left" },
      height: defaultHeight,
      margin: { ...standardMargin },
      paper_bgcolor: transparent,
      plot_bgcolor: transparent,
      font: { family: "Arial, Helvetica, sans-serif", size: 13, color: inkColor },
      colorway: [...palette],
      legend: { orientation: "h", x: 1, xanchor: "right", y: 1.01, yanchor: "bottom" },
      hoverlabel: { bgcolor: "#ffffff", bordercolor: inkColor, font: { color: "#222222" } },
      modebar: { bgcolor: transparent, color: inkColor, activecolor: palette[0] },
      ...layout,
    },
    summary,
  };
}

/** Text that Plotly shows as it stands: its labels are a small HTML of their own. */
export function plainText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
