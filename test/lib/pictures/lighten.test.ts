import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import {
  decisionBoundaryFigure,
  type Figure,
  heatMapFigure,
  lossSurfaceFigure,
  scatterFigure,
} from "karenina";
import { PNG } from "pngjs";
import { lighten } from "../../../lib/pictures/lighten";
import { renderSvg } from "../../../lib/pictures/renderSvg";

function parse(svg: string): Element {
  const { document } = new JSDOM(svg, { contentType: "image/svg+xml" }).window;
  return document.documentElement;
}

const point = (x: number, d = "M1,0Z") =>
  `<path class="point" transform="translate(${x},2.04)" style="fill: red;" d="${d}"/>`;

test("marks of one shape become the corners of one line; different ones are left alone", () => {
  const alike = lighten(`<g class="points">${point(1)}${point(2.55)}${point(3)}</g>`);
  assert.match(
    alike,
    /<path class="points" d="M1,2L2.5,2L3,2" fill="none" marker-start="url\(#mark0\)"/,
  );
  assert.match(alike, /<marker id="mark0"[^>]*><path style="fill: red" d="M1,0Z"\/><\/marker>/);
  const mixed = `<g class="points">${point(1)}${point(2)}${point(3, "M2,0Z")}</g>`;
  assert.equal((lighten(mixed).match(/<path class="s0 point"/g) ?? []).length, 3);
});

test("curves with handles at their ends become lines, true curves stay", () => {
  assert.equal(
    lighten('<path d="M0,0Q1.11,2 1.11,2C1.11,2 3,4 3,4C3,4 5,5 6,6"/>'),
    '<path d="M0,0L1.1,2L3,4C3,4 5,5 6,6"/>',
  );
});

test("a style that is said twice is said once, as a class, others stay where they are", () => {
  const shared = "fill: rgb(0, 1, 2); opacity: 0.5;";
  assert.equal(
    lighten(
      `<svg><a style="${shared}"/><b x="1" class="trace" style="${shared}"/><i style="d: e"/></svg>`,
    ),
    '<svg><style>.s0{fill:rgb(0,1,2);opacity:0.5}</style><a class="s0"/><b x="1" class="s0 trace"/>' +
      '<i style="d: e"/></svg>',
  );
});

test("what a style says without need goes, and a rectangle that nobody sees", () => {
  assert.equal(
    lighten(
      '<path style="fill: none; stroke: red; stroke-opacity: 1; opacity: 1;" d="M0,0"/>' +
        '<path style="fill: blue; fill-opacity: 0; stroke: red; stroke-width: 2px;" d="M1,1"/>' +
        '<path style="fill: blue; stroke: red; stroke-width: 0px; white-space: pre;" d="M2,2"/>' +
        '<rect style="fill: rgb(0, 0, 0); fill-opacity: 0; stroke-width: 0px;" width="9" height="9"/>' +
        '<rect width="8" height="8"/>',
    ),
    '<path style="fill: none; stroke: red" d="M0,0"/>' +
      '<path style="fill: none; stroke: red; stroke-width: 2px" d="M1,1"/>' +
      '<path style="fill: blue" d="M2,2"/><rect width="8" height="8"/>',
  );
});

test("labels and strokes of ticks stand in their places, and strokes of one kind are one path", () => {
  const tick = (x: number, d = "M0,304v5") =>
    `<path class="xtick ticks crisp" style="stroke: red;" d="${d}" transform="translate(${x},0)"/>`;
  assert.equal(
    lighten(tick(58) + tick(164.32999) + tick(7, "M2,3h1")),
    '<path class="xtick" style="stroke: red" d="M58,304v5M164.3,304v5M9,3h1"/>',
  );
  const label = (x: number, text: string) =>
    `<g class="xtick"><text x="0" y="4.5" transform="translate(${x},20.04)">${text}</text></g>`;
  assert.equal(
    lighten(label(58, "−1") + label(60.06, "2")),
    '<text class="xtick" x="58" y="24.5">−1</text><text class="xtick" x="60" y="24.5">2</text>',
  );
  const turned = '<g class="xtick"><text x="0" y="4" transform="rotate(30,0,4)">a</text></g>';
  assert.equal(lighten(turned), turned);
});

test("what is empty goes, and what only Plotly reads", () => {
  assert.equal(
    lighten('<g class="x"/><path class="y"/><path data-a="b" class="crisp" d="M0,0"/>'),
    '<path d="M0,0"/>',
  );
});

test("every point is in the picture, in a sixth of the room", () => {
  const x = Array.from({ length: 300 }, (_, i) => i);
  const svg = renderSvg(scatterFigure({ x, y: x }, { labels: x.map((i) => i % 2) }));
  const lines = [...parse(svg).querySelectorAll(".scatterlayer path.points")];
  const corners = lines.flatMap((line) => line.getAttribute("d")!.split("L"));
  assert.equal(corners.length, 300);
  assert.equal(new Set(corners).size, 300);
  assert.ok(svg.length < 12_000, String(svg.length));
});

/** The picture that lies below a figure's lines, and where. */
function raster(figure: Figure) {
  const image = parse(renderSvg(figure)).querySelector(".plot image, .heatmaplayer image, image")!;
  const url = image.getAttribute("xlink:href") ?? image.getAttribute("href")!;
  return PNG.sync.read(Buffer.from(url.replace("data:image/png;base64,", ""), "base64"));
}

function colorAt({ width, height, data }: PNG, x: number, y: number): number[] {
  const at = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
  return [...data.subarray(at, at + 4)];
}

test("a heat map's cells are in the picture, the first row at the top", () => {
  const picture = raster(
    heatMapFigure(
      [
        [-1, 1],
        [1, 0],
      ],
      { showValues: false },
    ),
  );
  assert.deepEqual(colorAt(picture, 0.2, 0.2), [0, 114, 178, 255]);
  assert.deepEqual(colorAt(picture, 0.8, 0.2), [213, 94, 0, 255]);
  assert.deepEqual(colorAt(picture, 0.2, 0.8), [213, 94, 0, 255]);
  assert.deepEqual(colorAt(picture, 0.8, 0.8), [242, 242, 242, 255]);
});

test("a decision boundary is blue below the threshold, orange above, and clear between", () => {
  const picture = raster(
    decisionBoundaryFigure(
      (x) => x,
      [
        [-1, 0],
        [1, 1],
      ],
    ),
  );
  const [red, , blue, alpha] = colorAt(picture, 0, 0.5) as [number, number, number, number];
  assert.ok(blue > red && alpha > 100);
  const [right, , left, strong] = colorAt(picture, 0.99, 0.5) as [number, number, number, number];
  assert.ok(right > left && strong > 100);
  assert.ok(colorAt(picture, 0.5, 0.5)[3] < 30);
});

test("a loss surface is a picture with contours, without the slider that it has when alive", () => {
  const bowl = (x: number, y: number) => x * x + y * y;
  const path = [
    [1, 1],
    [0, 0],
  ];
  const figure = lossSurfaceFigure(bowl, {
    xRange: [-2, 2],
    yRange: [-2, 2],
    paths: { SGD: path },
  });
  const svg = renderSvg(figure);
  const root = parse(svg);
  assert.ok(root.querySelectorAll(".contourlevel path").length > 5);
  assert.ok(root.querySelector("image"));
  assert.equal(root.querySelector(".slider-container, .updatemenu-container"), null);
  assert.ok(![...root.querySelectorAll("text")].some(({ textContent }) => textContent === "play"));
  assert.ok(svg.length < 60_000, String(svg.length));
});
