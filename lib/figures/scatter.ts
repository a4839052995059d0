import { axis, type Figure, styledFigure } from "./figure";
import { describePoints, type Points, type PointsOptions, pointSet, pointTraces } from "./points";
import { hoverFormat } from "./rounding";
import { withDrawn } from "./series";

export interface ScatterOptions extends PointsOptions {
  /** Default "<yTitle> against <xTitle>". */
  title?: string;
  /** Quantity and unit along the x axis. Default "x₁". */
  xTitle?: string;
  /** Quantity and unit along the y axis. Default "x₂". */
  yTitle?: string;
  /** A unit is as long on one axis as on the other. Default false. */
  equalScales?: boolean;
}

/**
 * Points in the plane, one colour and mark a class.
 *
 * @param points shape (N, 2), or `{ x, y }` with N values each
 * @throws FigureError for no points, one that is not finite, or labels that do not match
 *
 * @example
 * show(scatterFigure([[0, 1], [1, 0]], { labels: [0, 1], classNames: ["cat", "dog"] }));
 */
export function scatterFigure(points: Points, options: ScatterOptions = {}): Figure {
  const { xTitle = "x₁", yTitle = "x₂", equalScales = false } = options;
  const title = options.title ?? `${yTitle} against ${xTitle}`;
  const set = pointSet(points, options);
  return styledFigure({
    title,
    data: pointTraces(set),
    layout: {
      showlegend: set.classes.length > 1,
      hovermode: "closest",
      xaxis: axis(withDrawn(xTitle, set.drawn, set.count), hoverFormat([set.x.min, set.x.max])),
      yaxis: axis(yTitle, {
        ...(equalScales ? { scaleanchor: "x" } : {}),
        ...hoverFormat([set.y.min, set.y.max]),
      }),
    },
    summary: `${title}: ${describePoints(set)}`,
  });
}
