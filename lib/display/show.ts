import { escape as escapeHtml } from "html-escaper";
import type { Drawing } from "../figures/drawing";
import { defaultHeight, type Figure, FigureError } from "../figures/figure";
import { host } from "../host/host";
import { display, displayTarget } from "./display";
import { type PlotScriptOptions, packTraces, plotConfig, plotScript } from "./plotScript";

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
  const { id, update, ...size } = options;
  const place = { ...(id === undefined ? {} : { id }), ...(update ? { update } : {}) };
  if (isDrawing(figure)) {
    display({ "text/html": drawingHtml(figure), "text/plain": figure.summary }, place);
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

/** A picture, for front ends take inline SVG out of notebooks that they do not trust. */
function drawingHtml({ svg, summary }: Drawing): string {
  return `<div><img src="${svgUrl(svg)}" alt="${escapeHtml(summary)}" style="max-width: 100%"></div>`;
}

/** What a figure says in words. */
export function figureText(figure: Figure): string {
  const title = figure.layout.title;
  return figure.summary ?? (typeof title === "string" ? title : title?.text) ?? "A figure";
}

/** A data URL of the figure drawn without a browser; undefined where that cannot be done. */
export function figurePicture(figure: Figure, size: PictureSize = {}): string | undefined {
  const svg = host.drawPicture(figure, size);
  return svg === undefined ? undefined : svgUrl(svg);
}

/** A picture, or words in its place, that a script makes into a live plot where scripts may run. */
export function figureHtml(
  figure: Figure,
  { picture, ...script }: PlotScriptOptions & { picture?: string | undefined },
): string {
  const text = escapeHtml(figureText(figure));
  const still = picture
    ? `<img src="${picture}" alt="${text}" style="max-width: 100%">`
    : `<p>${text}</p>`;
  const height = figure.layout.height ?? defaultHeight;
  const space = picture ? "" : ` style="min-height: ${height}px"`;
  return `<div><div${space}>${still}</div><script>${plotScript(figure, script)}</script></div>`;
}

/**
 * An SVG picture as a data URL that can stand in an HTML attribute. As text it takes a quarter less room
 * than in base64, and in a notebook's JSON too.
 */
export function svgUrl(svg: string): string {
  // Within tags either kind of quote does, and the double ones would end the HTML attribute.
  const quoted = svg
    .replace(forbidden, "\ufffd")
    .replace(/<[^<>']*>/g, (tag) => tag.replace(/"/g, "'"));
  const encoded = quoted.replace(/[^ !$'()*+,./0-9:;=?@A-Z[\]_a-z{|}~-]+/g, encodeURIComponent);
  return `data:image/svg+xml,${encoded}`;
}

/** Controls but for tab and line ends, halves of surrogate pairs, and two that are no characters. */
const forbidden = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;
