import { type Figure, FigureError } from "../figures/figure";
import { lighten } from "./lighten";
import { type PlotlyWindow, plotlyWindow } from "./plotlyWindow";
import { type StillSize, stillFigure } from "./stillFigure";

/**
 * Draws a figure as SVG text, without a browser. The first call loads jsdom and Plotly (half a
 * second); further ones take 20 to 200 ms. Equal figures give equal text.
 *
 * @throws FigureError for traces that only a browser can draw, and for a figure that Plotly rejects
 */
export function renderSvg(figure: Figure, size: StillSize = {}): string {
  let root: HTMLElement | undefined;
  let drawn: PlotlyWindow | undefined;
  try {
    const { data, layout } = stillFigure(figure, size);
    drawn = plotlyWindow();
    const { document, Plotly, restartIdentifiers } = drawn;
    restartIdentifiers();
    root = document.createElement("div");
    document.body.append(root);
    // In static mode and without fonts or formulas to wait for, all of it is drawn by the time newPlot
    // returns; its promise only tells of failure.
    let rejection: unknown;
    Plotly.newPlot(root, data, layout, { staticPlot: true }).catch((error) => {
      rejection = error;
    });
    const svg = Plotly.Snapshot.toSVG(root, "svg");
    if (rejection !== undefined) {
      throw rejection;
    }
    return lighten(svg);
  } catch (error) {
    if (error instanceof FigureError) {
      throw error;
    }
    throw new FigureError(`Plotly cannot draw this figure without a browser: ${String(error)}`);
  } finally {
    if (root) {
      drawn?.Plotly.purge(root);
    }
    root?.remove();
  }
}
