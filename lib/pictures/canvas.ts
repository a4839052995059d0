import type { DOMWindow } from "jsdom";
import type { PNG } from "pngjs";

/** What Plotly's heat maps use of a canvas. */
interface PixelContext {
  fillStyle: string;
  fillRect(x: number, y: number, width: number, height: number): void;
  createImageData(width: number, height: number): ImageData;
  putImageData(image: ImageData, x: number, y: number): void;
}

interface ImageData {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Of a smooth picture every sixth pixel along each side is stored; whoever shows it blends. */
const shrinking = 6;

/**
 * Gives the canvases of a jsdom window, which has none, as much as Plotly needs to draw heat maps:
 * filled rectangles, whole images, and the result as a PNG.
 */
export function addCanvas(window: DOMWindow): void {
  const drawn = new WeakMap<HTMLCanvasElement, Pixels>();
  const pixelsOf = (canvas: HTMLCanvasElement) => {
    const known = drawn.get(canvas);
    if (known?.width === canvas.width && known.height === canvas.height) {
      return known;
    }
    const pixels = new Pixels(canvas.width, canvas.height);
    drawn.set(canvas, pixels);
    return pixels;
  };
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: HTMLCanvasElement, kind: string): PixelContext | null {
      return kind === "2d" ? pixelsOf(this) : null;
    },
    toDataURL(this: HTMLCanvasElement): string {
      return `data:image/png;base64,${pixelsOf(this).toPng().toString("base64")}`;
    },
  });
}

class Pixels implements PixelContext {
  fillStyle = "rgba(0,0,0,1)";
  private data: Uint8ClampedArray;
  private isSmooth = false;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const [r = 0, g = 0, b = 0, a = 1] = (this.fillStyle.match(/[\d.]+/g) ?? []).map(Number);
    const [left, right] = between(x, x + width, this.width);
    const [top, bottom] = between(y, y + height, this.height);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        this.data.set([r, g, b, 255 * a], 4 * (row * this.width + column));
      }
    }
  }

  createImageData(width: number, height: number): ImageData {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }

  putImageData(image: ImageData): void {
    this.data = image.data;
    this.isSmooth = image.width > 200 && image.height > 100;
  }

  toPng(): Buffer {
    const { PNG } = require("pngjs") as typeof import("pngjs");
    const step = this.isSmooth ? shrinking : 1;
    const [width, height] = [Math.ceil(this.width / step), Math.ceil(this.height / step)];
    const png: PNG = new PNG({ width, height });
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const from = 4 * (row * step * this.width + column * step);
        png.data.set(this.data.subarray(from, from + 4), 4 * (row * width + column));
      }
    }
    return PNG.sync.write(png);
  }
}

/** Whole pixels, within the canvas. */
function between(from: number, to: number, size: number): [number, number] {
  return [Math.max(0, Math.round(from)), Math.min(size, Math.round(to))];
}
