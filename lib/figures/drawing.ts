import { escape as escapeXml } from "html-escaper";
import { inkColor } from "./figure";

/** Mean advance of a sans-serif letter, in ems; of the narrow and the wide ones. */
const advances = { narrow: 0.28, usual: 0.55, capital: 0.7, wide: 0.85 };

/** The width of one line of sans-serif text in pixels. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const letter of text) {
    if (/[ijlI1.,:;'|!()[\]ft ]/.test(letter)) {
      ems += advances.narrow;
    } else if (/[mwMW@%—]|\p{Script=Han}|\p{Extended_Pictographic}/u.test(letter)) {
      ems += advances.wide;
    } else if (/\p{Lu}/u.test(letter)) {
      ems += advances.capital;
    } else {
      ems += advances.usual;
    }
  }
  return ems * fontSize;
}

/** A picture that is no chart: SVG text, and in words what it shows. `show` takes it like a figure. */
export interface Drawing {
  svg: string;
  title: string;
  summary: string;
}

const fontFamily = "Arial, Helvetica, sans-serif";

/** Room above a drawing for its title. */
export const titleHeight = 40;

/** Puts parts together under a title. They stand below `titleHeight`. */
export function drawing(parts: {
  title: string;
  summary: string;
  width: number;
  height: number;
  content: readonly string[];
}): Drawing {
  const { title, summary, content } = parts;
  const width = Math.ceil(Math.max(parts.width, textWidth(title, 16) + 24));
  const height = Math.ceil(parts.height);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `,
    `viewBox="0 0 ${width} ${height}" role="img" font-family="${fontFamily}" font-size="13" `,
    `fill="${inkColor}">`,
    `<title>${escapeXml(title)}</title>`,
    text({ x: 8, y: 22, value: title, size: 16, anchor: "start" }),
    ...content,
    "</svg>",
  ];
  return { svg: svg.join(""), title, summary };
}

interface TextOptions {
  x: number;
  y: number;
  value: string;
  size?: number;
  color?: string;
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
  italic?: boolean;
}

/** A line of text; what follows an underscore at its end, as in `h_3` or `h_t−1`, is set as an index. */
export function text(options: TextOptions): string {
  const { x, y, value, size, color, anchor = "middle", bold, italic } = options;
  const attributes = [
    `x="${round(x)}" y="${round(y)}"`,
    anchor === "start" ? "" : ` text-anchor="${anchor}"`,
    size === undefined ? "" : ` font-size="${size}"`,
    color === undefined ? "" : ` fill="${color}"`,
    bold ? ' font-weight="bold"' : "",
    italic ? ' font-style="italic"' : "",
  ];
  const [, stem, index] = /^(.*[^_\s])_([\w−]{1,5})$/.exec(value) ?? [];
  const content =
    stem === undefined
      ? escapeXml(value)
      : `${escapeXml(stem)}<tspan dy="0.3em" font-size="75%">${escapeXml(index)}</tspan>`;
  return `<text ${attributes.join("")}>${content}</text>`;
}

/** A line through points, with an arrow head at its end. */
export function arrow(
  points: readonly { x: number; y: number }[],
  { color = inkColor, width = 1.5 }: { color?: string; width?: number } = {},
): string {
  const end = points[points.length - 1];
  const before = points[points.length - 2];
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [ux, uy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const head = 7;
  const base = { x: end.x - head * ux, y: end.y - head * uy };
  const corner = (side: number) =>
    `${round(base.x - side * 0.45 * head * uy)},${round(base.y + side * 0.45 * head * ux)}`;
  const line = [...points.slice(0, -1), base].map(({ x, y }) => `${round(x)},${round(y)}`);
  return (
    `<polyline points="${line.join(" ")}" fill="none" stroke="${color}" stroke-width="${width}"/>` +
    `<polygon points="${round(end.x)},${round(end.y)} ${corner(1)} ${corner(-1)}" fill="${color}"/>`
  );
}

/** A box with round corners. */
export function box(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  {
    stroke = inkColor,
    fill = "rgba(128,128,128,0.1)",
    radius = 6,
  }: {
    stroke?: string;
    fill?: string;
    radius?: number;
  } = {},
): string {
  return (
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" ` +
    `rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>`
  );
}

export function circle(
  { x, y, radius }: { x: number; y: number; radius: number },
  { stroke = inkColor, fill = "rgba(128,128,128,0.1)" }: { stroke?: string; fill?: string } = {},
): string {
  return (
    `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}" stroke="${stroke}" ` +
    'stroke-width="1.5"/>'
  );
}

export function round(value: number): number {
  return Number(value.toFixed(1));
}
