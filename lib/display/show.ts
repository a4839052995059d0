import { escape as escapeHtml } from "html-escaper";
import type { Drawing } from "../figures/drawing";
import { type Figure, FigureError, inkColor, palette } from "../figures/figure";
import { host, type MimeBundle } from "../host/host";
import { requireNames } from "../optionNames";
import { display, displayTarget } from "./display";
import { figureHtml, figureText, plotConfig } from "./figureHtml";
import { packTraces } from "./packTraces";
import { svgUrl } from "./svgUrl";

/** The size of a still picture. */
interface PictureSize {
  /** Pixels. Default: the layout's width, else 720. */
  width?: number;
  /** Pixels. Default: the layout's height, else 360. */
  height?: number;
}

export interface ShowOptions extends PictureSize {
  /** Names the output, so that a later `show` with the same id takes its place. */
  id?: string;
  /** Takes the place of the output with this id. Default false. */
  update?: boolean;
}

/**
 * Shows a figure below the cell: a live plot where the front end can draw one, a picture where it may
 * not run scripts (an untrusted or exported notebook), a text summary for screen readers, for tests
 * and in a terminal. A figure that cannot be drawn without a browser has the text in the picture's
 * place. Of a drawing, such as a computation graph, there are the picture and the text.
 *
 * The first call in a process takes about a second, further ones a tenth.
 *
 * @throws FigureError for something that is no figure
 */
export function show(figure: Figure | Drawing, options: ShowOptions = {}): void {
  requireNames<ShowOptions>(
    "show",
    options,
    { id: true, update: true, width: true, height: true },
    { Thrown: FigureError },
  );
  const { id, update, ...size } = options;
  const place = { ...(id === undefined ? {} : { id }), ...(update ? { update } : {}) };
  if (isDrawing(figure)) {
    display(drawingBundle(figure), place);
    return;
  }
  if (!Array.isArray(figure?.data) || typeof figure.layout !== "object") {
    throw new FigureError(
      "show() takes a figure, { data, layout }, as historyFigure() and its like make them. For rows " +
        "of values call table(), for a text preformatted().",
    );
  }
  const text = figureText(figure);
  // A terminal prints nothing but the text: no need to load Plotly for that.
  if (displayTarget().kind === "terminal") {
    display({ "text/plain": text }, place);
    return;
  }
  const { layout, frames } = figure;
  const data = packTraces(figure.data);
  display(
    {
      "application/vnd.plotly.v1+json": {
        data,
        layout,
        config: plotConfig,
        ...(frames ? { frames } : {}),
      },
      "text/html": figureHtml(figure, { picture: figurePicture(figure, size) }),
      "text/plain": text,
    },
    place,
  );
}

function isDrawing(figure: Figure | Drawing): figure is Drawing {
  return typeof (figure as Drawing | undefined)?.svg === "string";
}

/**
 * A picture, for front ends take inline SVG out of notebooks that they do not trust; and words. Where
 * scripts may run it is drawn in the page's own text colour.
 */
export function drawingBundle({ svg, summary }: Drawing): MimeBundle {
  const image = `<img src="${svgUrl(svg)}" alt="${escapeHtml(summary)}" style="max-width: 100%">`;
  const inks = [inkColor, palette[1]].map((color) => `"${color}"`).join();
  const script = `<script>(${inkCode})(${inks});</script>`;
  return { "text/html": `<div>${image}${script}</div>`, "text/plain": summary };
}

// What is in a picture knows nothing of the page around it: so its source is written again in the page's
// colour, once it stands there (front ends run scripts before that), and when Jupyter's theme changes.
// Words in a colour of their own, such as gradients in orange, are mixed with it.
const inkCode = `function (ink, accent) {
  var script = document.currentScript, image = script && script.previousElementSibling;
  if (!image) return;
  var source = image.src, tries = 0;
  function paint() {
    if (!document.contains(image)) return tries++ < 300 && requestAnimationFrame(paint);
    var page = getComputedStyle(image).color, mixed = "color-mix(in srgb," + accent + " 55%," + page + ")";
    image.src = source.split(encodeURIComponent(ink)).join(encodeURIComponent(page))
      .split(encodeURIComponent(accent)).join(encodeURIComponent(mixed));
  }
  paint();
  new MutationObserver(paint).observe(document.body, { attributeFilter: ["data-jp-theme-name"] });
}`.replace(/\n */g, "");

/** A data URL of the figure drawn without a browser; undefined where that cannot be done. */
export function figurePicture(figure: Figure, size: PictureSize = {}): string | undefined {
  const svg = host.drawPicture(figure, size);
  return svg === undefined ? undefined : svgUrl(svg);
}
