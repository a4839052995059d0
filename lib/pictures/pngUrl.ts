/**
 * An image as a data URL. Values run from 0 (black) to 1 or, where any is above 1, to 255 (white);
 * where any is below zero, from blue over white to orange.
 *
 * @param pixels shape (height, width), row by row
 */
export function pngUrl(pixels: ArrayLike<number>, width: number, height: number): string {
  const { PNG } = require("pngjs") as typeof import("pngjs");
  let [min, max] = [0, 0];
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i]! < min) min = pixels[i]!;
    if (pixels[i]! > max) max = pixels[i]!;
  }
  const isColored = min < 0;
  const png = new PNG({ width, height });
  const strongest = isColored ? Math.max(max, -min) : max > 1 ? 255 : 1;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]! / strongest;
    const color = isColored ? diverging(value) : grey(value);
    png.data.set([...color, 255], 4 * i);
  }
  // Without transparency, and without colour where there is none: a digit takes 300 bytes.
  const file = PNG.sync.write(png, { colorType: isColored ? 2 : 0 });
  return `data:image/png;base64,${file.toString("base64")}`;
}

function grey(value: number): [number, number, number] {
  const level = Math.round(255 * Math.min(1, value));
  return [level, level, level];
}

/** The colours of a heat map with values on both sides of zero. */
function diverging(value: number): [number, number, number] {
  const end = value < 0 ? [0, 114, 178] : [213, 94, 0];
  const mix = (channel: number) => Math.round(242 + (end[channel]! - 242) * Math.abs(value));
  return [mix(0), mix(1), mix(2)];
}
