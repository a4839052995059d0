import { escape as escapeHtml } from "html-escaper";
import type { Drawing } from "../figures/drawing";
import { defaultHeight, type Figure, FigureError, inkColor, palette } from "../figures/figure";
import { base64 } from "../formats/bytes";
import { host, type MimeBundle } from "../host/host";
import { requireNames } from "../optionNames";
import { display, displayTarget } from "./display";

/** The release of plotly.js that figures are made for, and of its minified file the sha384. */
export const plotlyRelease = {
  version: "3.7.0",
  integrity: "sha384-l4G4qURPwALv583BKlynU/4LiUx0rk9jcTX58Aq+Jc+jgWb52zeH2geZkSS3UPPs",
};

/** How Plotly behaves in a notebook: labels are no formulas, also where a page has MathJax. */
const plotConfig = { responsive: true, displaylogo: false, typesetMath: false };

/** The ink as Plotly writes it into its elements' styles: rgb(118, 118, 118). */
const inkInStyles = [1, 3, 5]
  .map((at) => Number.parseInt(inkColor.slice(at, at + 2), 16))
  .join(", ");

// The ink of a figure is a grey for pages of any colour, readable on white and on black and strong on
// neither. A live plot takes the page's own text colour instead, and follows it when the theme changes.
const pageInk = `.js-plotly-plot text[style*="${inkInStyles}"]{fill:currentColor!important}`;

interface PlotScriptOptions {
  /** Plots with the same name in one page share one element, so that a new one moves the old. */
  keepAs?: string;
}

/**
 * Text of a script that turns the element before it into a live plot. It looks for Plotly in the page,
 * then in the Jupyter server's own files (so no network is needed), then at a CDN. Where it finds none
 * the element stays as it is: a picture, or words.
 */
function plotScript(figure: Figure, { keepAs }: PlotScriptOptions = {}): string {
  const { layout, frames } = figure;
  const data = packTraces(figure.data);
  const parts = { data, layout, frames, config: plotConfig, keepAs, ...plotlyRelease };
  return `(${browserCode})(${inScript(parts)});`;
}

/** JSON that cannot end the script element it stands in, nor a line of the script. */
function inScript(value: unknown): string {
  const escapes: Record<string, string> = {
    "<": "\\u003c",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
  };
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (letter) => escapes[letter]);
}

// A live plot is a figure and no image to screen readers, for it holds buttons.
//
// Written for any browser, short because each figure carries it. Where a notebook lies is known from
// the page's address (.../tree/folder/lesson.ipynb); node_modules is looked for in the server's root
// and in the folders from there to the lesson, so that no path of this machine gets into a notebook.
const browserCode = `function (f) {
  var w = window, script = document.currentScript, slot = script && script.previousElementSibling;
  if (!slot) return;
  var still = slot.querySelector("img"), summary = still ? still.alt : slot.textContent;
  function add(src, integrity) {
    return new Promise(function (found, lost) {
      var s = document.createElement("script");
      s.src = src;
      if (integrity) { s.integrity = integrity; s.crossOrigin = "anonymous"; }
      s.onload = function () { w.Plotly ? found(w.Plotly) : lost(Error("no Plotly in " + src)); };
      s.onerror = function () { s.remove(); lost(Error("cannot load " + src)); };
      document.head.appendChild(s);
    });
  }
  function addresses() {
    var list = [], config = document.getElementById("jupyter-config-data");
    if (config) {
      var base = JSON.parse(config.textContent).baseUrl || "/";
      var at = /\\/(?:tree|notebooks|edit)\\/(.*)$/.exec(location.pathname);
      var folders = at ? at[1].split("/").slice(0, -1) : [];
      for (var n = 0; n <= folders.length; n++)
        list.push([base + "files/" + folders.slice(0, n).concat("node_modules/plotly.js-dist/plotly.js").join("/")]);
    }
    list.push(["https://cdn.jsdelivr.net/npm/plotly.js-dist-min@" + f.version + "/plotly.min.js", f.integrity]);
    return list;
  }
  function draw(Plotly) {
    if (!document.contains(slot)) {
      if (tries++ < 300) requestAnimationFrame(function () { draw(Plotly); });
      return;
    }
    var kept = w.kareninaPlots || (w.kareninaPlots = {}), plot = f.keepAs && kept[f.keepAs];
    if (!plot || document.contains(plot)) {
      plot = document.createElement("div");
      plot.setAttribute("role", "figure");
      if (w.ResizeObserver) new ResizeObserver(function () {
        if (plot.offsetWidth) Plotly.Plots.resize(plot);
      }).observe(plot);
    }
    if (f.keepAs) kept[f.keepAs] = plot;
    if (summary) plot.setAttribute("aria-label", summary);
    slot.replaceChildren(plot);
    var drawn = Plotly.react(plot, f.data, f.layout, f.config);
    if (f.frames) drawn.then(function () { Plotly.addFrames(plot, f.frames); });
  }
  var tries = 0;
  if (w.Plotly) return draw(w.Plotly);
  w.kareninaPlotly = w.kareninaPlotly || addresses().reduce(function (before, a) {
    return before.catch(function () { return add(a[0], a[1]); });
  }, Promise.reject());
  w.kareninaPlotly.then(draw, function () {});
}`.replace(/\n */g, "");

/** Lists of numbers as Plotly reads them from 2.35 on: bytes in base64, little end first. */
interface PackedNumbers {
  dtype: "u1" | "i2" | "u2" | "i4" | "f4";
  bdata: string;
  /** Of a matrix: "rows, columns". */
  shape?: string;
}

/** Shorter lists are better left readable. */
const least = 12;

/**
 * Traces with their long lists of numbers packed. A notebook writes each number of a list on a line of
 * its own, so that packed ones take a quarter of the room there. Single precision holds the seven
 * digits that a figure has, and what is missing becomes NaN, a gap as well.
 */
export function packTraces<T extends object>(traces: readonly T[]): T[] {
  return traces.map((trace) => {
    const packed = { ...trace } as Record<string, unknown>;
    for (const key of ["x", "y", "z"]) {
      const value = packed[key];
      packed[key] = packMatrix(value) ?? packList(value) ?? value;
      if (packed[key] === undefined) {
        delete packed[key];
      }
    }
    return packed as T;
  });
}

function packMatrix(value: unknown): PackedNumbers | undefined {
  if (!Array.isArray(value) || !Array.isArray(value[0])) {
    return undefined;
  }
  const width = value[0].length;
  if (!value.every((row) => Array.isArray(row) && row.length === width)) {
    return undefined;
  }
  const packed = packList(value.flat());
  return packed && { ...packed, shape: `${value.length}, ${width}` };
}

function packList(value: unknown): PackedNumbers | undefined {
  if (!Array.isArray(value) || value.length < least) {
    return undefined;
  }
  if (!value.every((item) => typeof item === "number" || item === null)) {
    return undefined;
  }
  const numbers = (value as (number | null)[]).map((item) => item ?? Number.NaN);
  const dtype = typeFor(numbers);
  const array = new arrays[dtype](numbers);
  // Typed arrays lie in memory as the machine has them: little end first wherever JavaScript runs.
  return { dtype, bdata: base64(new Uint8Array(array.buffer)) };
}

const arrays = {
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  f4: Float32Array,
};

function typeFor(numbers: readonly number[]): PackedNumbers["dtype"] {
  if (!numbers.every(Number.isInteger)) {
    return "f4";
  }
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  if (low >= 0 && high <= 255) {
    return "u1";
  }
  if (low >= 0 && high <= 65_535) {
    return "u2";
  }
  if (low >= -32_768 && high <= 32_767) {
    return "i2";
  }
  return low >= -(2 ** 31) && high < 2 ** 31 ? "i4" : "f4";
}

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
  const live = `<script>${plotScript(figure, script)}</script>`;
  return `<div><style>${pageInk}</style><div${space}>${still}</div>${live}</div>`;
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
