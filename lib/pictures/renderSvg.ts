import type { Layout } from "plotly.js";
import { defaultHeight, type Figure, FigureError, standardMargin } from "../figures/figure";
import { lighten } from "./lighten";
import { type PlotlyWindow, plotlyWindow } from "./plotlyWindow";

export interface RenderSvgOptions {
  /** Pixels. Default: the layout's width, else 720. */
  width?: number;
  /** Pixels. Default: the layout's height, else 360. */
  height?: number;
}

/** Traces that need a graphics card, or a map from the network: no picture without a browser. */
const needsBrowser =
  /gl$|3d$|geo$|mapbox$|^(surface|isosurface|volume|cone|streamtube|splom|scattermap|densitymap|choropleth|choroplethmap)$/;

/**
 * Draws a figure as SVG text, without a browser. The first call loads jsdom and Plotly (half a
 * second); further ones take 20 to 200 ms. Equal figures give equal text.
 *
 * @throws FigureError for traces that only a browser can draw, and for a figure that Plotly rejects
 */
export function renderSvg(figure: Figure, options: RenderSvgOptions = {}): string {
  const { width = figure.layout.width ?? 720, height = figure.layout.height ?? defaultHeight } =
    options;
  for (const { type = "scatter" } of figure.data) {
    if (needsBrowser.test(type)) {
      throw new FigureError(
        `A "${type}" trace can only be drawn in a browser. In a notebook it shows there; for a ` +
          "picture in a file take a contour or a heat map.",
      );
    }
  }
  let root: HTMLElement | undefined;
  let drawn: PlotlyWindow | undefined;
  try {
    drawn = plotlyWindow();
    const { document, Plotly, restartIdentifiers } = drawn;
    restartIdentifiers();
    root = document.createElement("div");
    document.body.append(root);
    // Plotly writes defaults into what it is given. In static mode and without fonts or formulas to
    // wait for, all of it is drawn by the time newPlot returns; its promise only tells of failure.
    const { data, layout } = structuredClone({
      data: figure.data,
      layout: withoutControls(figure.layout),
    });
    let rejection: unknown;
    Plotly.newPlot(root, data, { ...layout, width, height }, { staticPlot: true }).catch(
      (error) => {
        rejection = error;
      },
    );
    const svg = Plotly.Snapshot.toSVG(root, "svg");
    if (rejection !== undefined) {
      throw rejection;
    }
    return lighten(svg);
  } catch (error) {
    throw new FigureError(`Plotly cannot draw this figure without a browser: ${String(error)}`);
  } finally {
    if (root) {
      drawn?.Plotly.purge(root);
    }
    root?.remove();
  }
}

/** Sliders and buttons do nothing in a picture; without them there is no need for room below. */
function withoutControls(layout: Partial<Layout>): Partial<Layout> {
  const { sliders, updatemenus, ...rest } = layout;
  if (!sliders && !updatemenus) {
    return layout;
  }
  return { ...rest, margin: { ...rest.margin, b: standardMargin.b } };
}
