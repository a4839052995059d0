import { escape as escapeHtml } from "html-escaper";
import { defaultHeight, type Figure, inkColor } from "../figures/figure";
import { packTraces } from "./packTraces";

/** The release of plotly.js that figures are made for, and of its minified file the sha384. */
export const plotlyRelease = {
  version: "3.7.0",
  integrity: "sha384-l4G4qURPwALv583BKlynU/4LiUx0rk9jcTX58Aq+Jc+jgWb52zeH2geZkSS3UPPs",
};

/** How Plotly behaves in a notebook: labels are no formulas, also where a page has MathJax. */
export const plotConfig = { responsive: true, displaylogo: false, typesetMath: false };

/** The ink as Plotly writes it into its elements' styles: rgb(118, 118, 118). */
const inkInStyles = [1, 3, 5]
  .map((at) => Number.parseInt(inkColor.slice(at, at + 2), 16))
  .join(", ");

// The ink of a figure is a grey for pages of any colour, readable on white and on black and strong on
// neither. A live plot takes the page's own text colour instead, and follows it when the theme changes.
const pageInk = `.js-plotly-plot text[style*="${inkInStyles}"]{fill:currentColor!important}`;

const opening = `<div><style>${pageInk}</style>`;

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

/** What a figure says in words. */
export function figureText(figure: Figure): string {
  const title = figure.layout.title;
  return figure.summary ?? (typeof title === "string" ? title : title?.text) ?? "A figure";
}

/** A picture, or words in its place, that a script makes into a live plot where scripts may run. */
export function figureHtml(
  figure: Figure,
  { picture, ...script }: PlotScriptOptions & { picture?: string | undefined },
): string {
  const text = escapeHtml(figureText(figure));
  const still = picture ? image(picture, text) : `<p>${text}</p>`;
  const height = figure.layout.height ?? defaultHeight;
  const space = picture ? "" : ` style="min-height: ${height}px"`;
  const live = `<script>${plotScript(figure, script)}</script>`;
  return `${opening}<div${space}>${still}</div>${live}</div>`;
}

/** The place of a picture that is not there, as `figureHtml` leaves it. */
const emptyPlace = /<div style="min-height: \d+px"><p>([^<]*)<\/p><\/div>(?=<script>)/;

/**
 * A figure's HTML that has words in the picture's place, with a picture there. It is for pages that draw
 * what the kernel cannot, as a site's kernel without a DOM.
 *
 * @param html as `figureHtml` makes it without a picture
 * @param picture a data URL, as `svgUrl` makes it
 * @returns undefined for HTML of another kind, also where a picture is there
 */
export function withPicture(html: string, picture: string): string | undefined {
  const [place, text] = (isFigureHtml(html) && emptyPlace.exec(html)) || [];
  // A function, since a picture may hold what means something in a string.
  return place && html.replace(place, () => `<div>${image(picture, text ?? "")}</div>`);
}

/** Whether `withPicture` has a place for a picture in it. */
export function lacksPicture(html: string): boolean {
  return isFigureHtml(html) && emptyPlace.test(html);
}

const isFigureHtml = (html: string) => html.startsWith(opening);

/** @param text escaped */
const image = (picture: string, text: string) =>
  `<img src="${picture}" alt="${text}" style="max-width: 100%">`;
