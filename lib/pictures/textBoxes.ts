import { textWidth } from "../figures/drawing";

/**
 * Sizes of drawn things in a DOM without layout. Plotly asks for them to place legends and titles and
 * to leave room for tick labels, so an estimate within a few pixels is enough.
 */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The box that an SVG element fills, in the coordinates of its parent before its own transform. */
export function boxOf(element: Element): Box {
  switch (element.tagName.toLowerCase()) {
    case "text":
    case "tspan":
      return textBox(element);
    case "rect":
    case "image":
      return {
        x: numberOf(element, "x"),
        y: numberOf(element, "y"),
        width: numberOf(element, "width"),
        height: numberOf(element, "height"),
      };
    default:
      return union([...element.children].map((child) => moved(boxOf(child), child)));
  }
}

function textBox(element: Element): Box {
  const size = fontSizeOf(element);
  const spans = [...element.querySelectorAll("tspan.line")];
  const lines = (spans.length > 0 ? spans : [element]).map((line) => line.textContent ?? "");
  const width = Math.max(...lines.map((line) => textWidth(line, size)));
  const anchor = (element as SVGElement).style?.textAnchor || element.getAttribute("text-anchor");
  const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  return {
    x: numberOf(element, "x") - shift,
    y: numberOf(element, "y") - size,
    width,
    height: 1.3 * size * lines.length,
  };
}

function fontSizeOf(element: Element | null): number {
  for (let at = element; at; at = at.parentElement) {
    const size = (at as SVGElement).style?.fontSize || at.getAttribute("font-size");
    if (size) {
      return Number.parseFloat(size);
    }
  }
  return 12;
}

function numberOf(element: Element, attribute: string): number {
  return Number.parseFloat(element.getAttribute(attribute) ?? "0") || 0;
}

/** A child's box as its parent sees it: after the child's translations and rotations. */
function moved(box: Box, element: Element): Box {
  let corners = [
    [box.x, box.y],
    [box.x + box.width, box.y],
    [box.x, box.y + box.height],
    [box.x + box.width, box.y + box.height],
  ] as [number, number][];
  const steps = [...(element.getAttribute("transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)];
  for (const [, kind, list] of steps.reverse()) {
    const [a = 0, b = 0, c = 0] = list.split(/[ ,]+/).map(Number);
    if (kind === "translate") {
      corners = corners.map(([x, y]) => [x + a, y + b]);
    }
    if (kind === "rotate") {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      corners = corners.map(([x, y]) => [
        b + (x - b) * cos - (y - c) * sin,
        c + (x - b) * sin + (y - c) * cos,
      ]);
    }
  }
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function union(boxes: Box[]): Box {
  const solid = boxes.filter((box) => box.width > 0 || box.height > 0);
  if (solid.length === 0) {
    return { x: 0, y: 0, width: 0, height: 0 };
  }
  const x = Math.min(...solid.map((box) => box.x));
  const y = Math.min(...solid.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...solid.map((box) => box.x + box.width)) - x,
    height: Math.max(...solid.map((box) => box.y + box.height)) - y,
  };
}
