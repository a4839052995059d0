import { type Figure, FigureError } from "../figures/figure";
import { registerHost } from "../host/host";

registerHost({
  drawPicture(figure, size) {
    // jsdom and Plotly take half a second to load: only where a picture is drawn.
    const { renderSvg } = require("./renderSvg") as typeof import("./renderSvg");
    try {
      return renderSvg(figure as Figure, size);
    } catch (error) {
      if (error instanceof FigureError) {
        return undefined;
      }
      throw error;
    }
  },
});
