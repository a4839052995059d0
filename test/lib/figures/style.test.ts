import assert from "node:assert/strict";
import { test } from "node:test";
import { historyFigure, palette } from "karenina";
import { inkColor, plainText } from "../../../lib/figures/figure";
import { trainingRows } from "./trainingRows";

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// The backgrounds of JupyterLab's light and dark theme.
const [light, dark] = ["#ffffff", "#111111"];

test("text can be read on a light and on a dark page", () => {
  assert.ok(contrast(inkColor, light) >= 4.5);
  assert.ok(contrast(inkColor, dark) >= 4);
});

test("the first four colours stand out on both pages, the rest on one", () => {
  for (const color of palette.slice(0, 4)) {
    assert.ok(contrast(color, light) >= 3, `${color} on white`);
    assert.ok(contrast(color, dark) >= 3, `${color} on black`);
  }
  for (const color of palette) {
    assert.ok(Math.max(contrast(color, light), contrast(color, dark)) >= 4.5, color);
  }
});

test("figures have no background of their own and name their axes", () => {
  const { layout } = historyFigure(trainingRows(30));
  assert.equal(layout.paper_bgcolor, "rgba(0, 0, 0, 0)");
  assert.equal(layout.plot_bgcolor, "rgba(0, 0, 0, 0)");
  assert.ok(layout.xaxis?.title?.text && layout.yaxis?.title?.text);
});

test("text that looks like HTML is shown as it stands", () => {
  assert.equal(plainText("<b>a & b</b>"), "&lt;b&gt;a &amp; b&lt;/b&gt;");
});
