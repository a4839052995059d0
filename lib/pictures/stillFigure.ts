import type { Data, Layout } from "plotly.js";
import { defaultHeight, type Figure, FigureError, standardMargin } from "../figures/figure";

/** The size of a still picture. */
export interface StillSize {
  /** Pixels. Default: the layout's width, else 720. */
  width?: number;
  /** Pixels. Default: the layout's height, else 360. */
  height?: number;
}

/** Traces that need a graphics card, or a map from the network: no picture without a browser. */
const needsBrowser =
  /gl$|3d$|geo$|mapbox$|^(surface|isosurface|volume|cone|streamtube|splom|scattermap|densitymap|choropleth|choroplethmap)$/;

/**
 * What Plotly is to draw for a figure's still picture: of fixed size, without the controls that do
 * nothing there. It is a copy, since Plotly writes defaults into what it is given.
 *
 * @throws FigureError for traces of which there are no pictures without a browser; notebooks saved in
 *   one have none of them either, so that all are the same
 */
export function stillFigure(
  figure: Figure,
  { width = figure.layout.width ?? 720, height = figure.layout.height ?? defaultHeight }: StillSize,
): { data: Data[]; layout: Partial<Layout> } {
  for (const { type = "scatter" } of figure.data) {
    if (needsBrowser.test(type)) {
      throw new FigureError(
        `A "${type}" trace can only be drawn in a browser. In a notebook it shows there; for a ` +
          "picture in a file take a contour or a heat map.",
      );
    }
  }
  const { data, layout } = structuredClone({
    data: figure.data,
    layout: withoutControls(figure.layout),
  });
  return { data: data.map(withSharpCells), layout: { ...layout, width, height } };
}

/**
 * A heat map without gaps would be an image of one pixel a cell, which a viewer that does not know
 * `image-rendering: pixelated` blurs across cells. With a gap that nobody can see, each is a rectangle.
 */
function withSharpCells(trace: Data): Data {
  return trace.type === "heatmap" ? ({ xgap: 0.001, ygap: 0.001, ...trace } as Data) : trace;
}

/** Without sliders and buttons there is no need for room below. */
function withoutControls(layout: Partial<Layout>): Partial<Layout> {
  const { sliders, updatemenus, ...rest } = layout;
  if (!sliders && !updatemenus) {
    return layout;
  }
  return { ...rest, margin: { ...rest.margin, b: standardMargin.b } };
}
