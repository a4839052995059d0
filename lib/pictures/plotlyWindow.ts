import { readFileSync } from "node:fs";
import type { DOMWindow } from "jsdom";
import type { Data, Layout } from "plotly.js";
import { addCanvas } from "./canvas";
import { boxOf } from "./textBoxes";

/** What static pictures use of Plotly. */
interface StaticPlotly {
  newPlot(root: Element, data: Data[], layout: Partial<Layout>, config: object): Promise<unknown>;
  purge(root: Element): void;
  Snapshot: { toSVG(root: Element, format: "svg"): string };
}

export interface PlotlyWindow {
  document: Document;
  Plotly: StaticPlotly;
  /** Starts Plotly's random identifiers over, so that equal figures give equal pictures. */
  restartIdentifiers(): void;
}

let shared: PlotlyWindow | undefined;

/**
 * A window with Plotly in it, made at the first call: that takes about half a second, which is why
 * nothing of it is loaded with the library. It is Plotly's bundle of flat charts; the whole of it takes
 * a second and 90 MB more, for charts that cannot be drawn here anyway.
 */
export function plotlyWindow(): PlotlyWindow {
  shared ??= openWindow();
  return shared;
}

function openWindow(): PlotlyWindow {
  const { JSDOM, VirtualConsole } = require("jsdom") as typeof import("jsdom");
  // A console that prints nothing: jsdom reports each canvas call that it has no drawing for.
  const dom = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    virtualConsole: new VirtualConsole(),
  });
  const { window } = dom;
  addMissingParts(window);
  addCanvas(window);
  window.eval(readFileSync(require.resolve("plotly.js-cartesian-dist-min"), "utf8"));
  return {
    document: window.document,
    Plotly: window.Plotly as StaticPlotly,
    restartIdentifiers: () => {
      window.Math.random = parkMiller();
    },
  };
}

/** What Plotly expects of a browser and jsdom leaves out: layout, mainly. */
function addMissingParts(window: DOMWindow): void {
  Object.assign(window, {
    TextDecoder,
    TextEncoder,
    matchMedia: () => ({ matches: false, addListener() {}, addEventListener() {} }),
  });
  window.URL.createObjectURL = () => "";
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      return boxOf(this);
    },
    getComputedTextLength(this: Element) {
      return boxOf(this).width;
    },
  });
  window.Element.prototype.getBoundingClientRect = function (this: Element) {
    const inSvg = this instanceof window.SVGElement;
    const box = inSvg ? boxOf(this) : { x: 0, y: 0, width: 0, height: 0 };
    const { x, y, width, height } = box;
    return { ...box, left: x, top: y, right: x + width, bottom: y + height } as DOMRect;
  };
}

/** Park and Miller's minimal standard generator (1988): enough for names, in two lines. */
function parkMiller(): () => number {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
