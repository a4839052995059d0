// A figure drawn as a still picture by the page and its Plotly, as lib/pictures does it without a page.
import type { Data, Layout } from "plotly.js";
import { svgUrl } from "../../../lib/display/svgUrl";
import { type Figure, FigureError } from "../../../lib/figures/figure";
import { lighten } from "../../../lib/pictures/lighten";
import { stillFigure } from "../../../lib/pictures/stillFigure";

interface Plotly {
  newPlot(root: Element, data: Data[], layout: Partial<Layout>, config: object): Promise<unknown>;
  purge(root: Element): void;
  Snapshot: { toSVG(root: Element, format: "svg"): string };
}

/** The page, once a figure has been shown in it (see lib/display/figureHtml.ts). */
interface FigurePage {
  Plotly?: Plotly;
  kareninaPlotly?: Promise<Plotly>;
}

/** How long saving waits for a Plotly that is on its way, in milliseconds. */
const WAIT_FOR_PLOTLY = 10_000;

/** The page's Plotly; undefined where no figure has been shown, or none could be. */
export async function plotlyOfPage(): Promise<Plotly | undefined> {
  const page = globalThis as unknown as FigurePage;
  if (page.Plotly || !page.kareninaPlotly) {
    return page.Plotly;
  }
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), WAIT_FOR_PLOTLY);
  });
  return await Promise.race([page.kareninaPlotly.catch(() => undefined), late]);
}

/**
 * Draws a figure, of the size that stored notebooks have.
 *
 * @returns an SVG picture as a data URL; undefined for traces of which stored notebooks have none either
 * @throws what Plotly throws for a figure that it cannot draw
 */
export async function drawPicture(plotly: Plotly, figure: Figure): Promise<string | undefined> {
  const still = stillOf(figure);
  if (!still) {
    return undefined;
  }
  await nextTurn();
  const root = document.createElement("div");
  // Words have a size in the page alone: out of sight, and for no reader.
  root.style.cssText = "position: fixed; left: -10000px; top: 0";
  root.setAttribute("aria-hidden", "true");
  document.body.append(root);
  try {
    const config = { staticPlot: true, typesetMath: false };
    await plotly.newPlot(root, still.data, still.layout, config);
    return svgUrl(await withSmallImages(lighten(plotly.Snapshot.toSVG(root, "svg"))));
  } finally {
    plotly.purge(root);
    root.remove();
  }
}

/** Lets the page do what waits, also where it is hidden and its timers are slow. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function stillOf(figure: Figure): ReturnType<typeof stillFigure> | undefined {
  try {
    return stillFigure(figure, {});
  } catch (error) {
    if (error instanceof FigureError) {
      return undefined;
    }
    throw error;
  }
}

/** Smooth heat maps have a pixel for each of the screen, and are made that many times smaller along each side. */
const SHRINKING = 6;

/** Characters of an image that may stay: one of flat rectangles takes fewer. */
const SMALL = 20_000;

async function withSmallImages(svg: string): Promise<string> {
  const found = svg.match(/data:image\/png;base64,[\w+/=]+/g) ?? [];
  let smaller = svg;
  for (const url of found.filter(({ length }) => length > SMALL)) {
    smaller = smaller.replace(url, await shrunk(url));
  }
  return smaller;
}

async function shrunk(url: string): Promise<string> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(image.naturalWidth / SHRINKING);
  canvas.height = Math.ceil(image.naturalHeight / SHRINKING);
  const context = canvas.getContext("2d");
  if (!context) {
    return url;
  }
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}
