import { requireNames } from "../optionNames";
import { type Drawing, drawing, round, text, titleHeight } from "./drawing";
import { FigureError, palette } from "./figure";
import { formatNumber } from "./numberFormat";
import { requireCount, requireNumbers } from "./numbers";
import { pngUrl } from "./png";

export interface ImageGridOptions {
  /** Default "<n> images". */
  title?: string;
  /** Pixels of an image. Default: square, grey. */
  width?: number;
  height?: number;
  /** The true class of each image. */
  labels?: ArrayLike<number | string>;
  /** The class a network gave to each image: what differs from the label is framed and named. */
  predictions?: ArrayLike<number | string>;
  /** Names of numbered classes. Default: their numbers. */
  classNames?: readonly string[];
  /** How many stand in a row. Default 8. */
  columns?: number;
  /** How many screen pixels one of the image takes. Default: so that an image is about 64 wide. */
  scale?: number;
  /** Of more images the first ones are drawn, with a note. Default 40. */
  maxImages?: number;
}

const gap = 12;

/**
 * Images side by side, such as MNIST digits, with their labels; where a prediction is wrong, in a red
 * frame, both. Grey values run from 0 to 1 or to 255. Images with values below zero, such as the
 * weights of a neuron, are blue below zero and orange above, each up to its own largest value.
 *
 * @param images each of shape (height, width), row by row, as one list
 * @throws FigureError for no images, sizes or labels that do not match, or a pixel that is not finite
 *
 * @example
 * show(imageGridFigure(digits, { labels: labels, predictions: predictions }));
 */
export function imageGridFigure(
  images: readonly ArrayLike<number>[],
  options: ImageGridOptions = {},
): Drawing {
  requireNames<ImageGridOptions>(
    "imageGridFigure",
    options,
    {
      title: true,
      width: true,
      height: true,
      labels: true,
      predictions: true,
      classNames: true,
      columns: true,
      scale: true,
      maxImages: true,
    },
    { Thrown: FigureError },
  );
  if (images.length === 0) {
    throw new FigureError(
      "There are no images to draw. Pass a list with one list of pixels an image.",
    );
  }
  const { columns = 8, maxImages = 40, labels, predictions, classNames } = options;
  requireCount("columns", columns);
  requireCount("maxImages", maxImages);
  const { width, height } = sizeOf(images[0], options);
  const { scale = Math.max(1, Math.round(64 / width)) } = options;
  requireLabels("labels", labels, images.length);
  requireLabels("predictions", predictions, images.length);
  const title = options.title ?? `${formatNumber(images.length)} images`;
  const shown = images.slice(0, maxImages);
  const name = (label: number | string) =>
    typeof label === "number" ? (classNames?.[label] ?? String(label)) : label;

  const [cellWidth, imageHeight] = [Math.max(width * scale, 48), height * scale];
  const cellHeight = imageHeight + (labels || predictions ? 20 : 0);
  const content = shown.map((pixels, i) => {
    requireNumbers("pixel", pixels, (at) => `${at} of image ${i}`);
    if (pixels.length !== width * height) {
      throw new FigureError(
        `Image ${i} has ${pixels.length} pixels, but ${width} by ${height} are ${width * height}. All ` +
          "images in a grid have one size.",
      );
    }
    const x = 8 + (i % columns) * (cellWidth + gap);
    const y = titleHeight + Math.floor(i / columns) * (cellHeight + gap);
    const left = x + (cellWidth - width * scale) / 2;
    const isWrong = labels && predictions && labels[i] !== predictions[i];
    const caption = captionOf(labels?.[i], predictions?.[i], name);
    return [
      `<image x="${round(left)}" y="${y}" width="${width * scale}" height="${imageHeight}" `,
      `style="image-rendering:pixelated" href="${pngUrl(pixels, width, height)}"/>`,
      isWrong
        ? `<rect x="${round(left - 2)}" y="${y - 2}" width="${width * scale + 4}" ` +
          `height="${imageHeight + 4}" fill="none" stroke="${palette[1]}" stroke-width="3"/>`
        : "",
      caption === ""
        ? ""
        : text({
            x: x + cellWidth / 2,
            y: y + imageHeight + 16,
            value: caption,
            size: 12,
            ...(isWrong ? { color: palette[1], bold: true } : {}),
          }),
    ].join("");
  });
  const rows = Math.ceil(shown.length / columns);
  const note = shown.length < images.length ? ` (${shown.length} drawn)` : "";
  return drawing({
    title: title + note,
    summary: describe(title, images.length, shown.length, {
      labels,
      predictions,
      name,
      width,
      height,
    }),
    width: 16 + Math.min(columns, shown.length) * (cellWidth + gap) - gap,
    height: titleHeight + rows * (cellHeight + gap),
    content,
  });
}

type Label = number | string;

function captionOf(
  label: Label | undefined,
  prediction: Label | undefined,
  name: (label: Label) => string,
): string {
  if (label === undefined) {
    return prediction === undefined ? "" : name(prediction);
  }
  if (prediction === undefined || prediction === label) {
    return name(label);
  }
  return `${name(prediction)}, not ${name(label)}`;
}

function sizeOf(first: ArrayLike<number>, options: ImageGridOptions) {
  requireNumbers("pixel", first, (at) => `${at} of image 0`);
  const side = Math.sqrt(first.length);
  const { width = options.height ? first.length / options.height : side } = options;
  const { height = first.length / width } = options;
  if (Number.isInteger(width) && Number.isInteger(height) && width * height === first.length) {
    return { width, height };
  }
  throw new FigureError(
    `An image has ${first.length} pixels, which is not ${round(width)} by ${round(height)}. Pass its ` +
      "`width` and `height`; colour images are not drawn, take one channel.",
  );
}

function requireLabels(option: string, list: ArrayLike<Label> | undefined, count: number): void {
  if (!list || list.length === count) {
    return;
  }
  throw new FigureError(
    `There are ${formatNumber(count)} images but ${formatNumber(list.length)} ${option}. Pass one an ` +
      "image, in the same order.",
  );
}

function describe(
  title: string,
  count: number,
  drawn: number,
  parts: {
    labels: ArrayLike<Label> | undefined;
    predictions: ArrayLike<Label> | undefined;
    name: (label: Label) => string;
    width: number;
    height: number;
  },
): string {
  const { labels, predictions, name, width, height } = parts;
  const size = `${title}: ${formatNumber(count)} images of ${width} by ${height} pixels`;
  const left = drawn < count ? `, ${drawn} drawn` : "";
  const known = labels ?? predictions;
  if (!known) {
    return `${size}${left}.`;
  }
  const captions = Array.from({ length: drawn }, (_, i) =>
    captionOf(labels?.[i], predictions?.[i], name),
  );
  const right = Array.from(known).filter((_, i) => labels?.[i] === predictions?.[i]).length;
  const score =
    labels && predictions ? `, ${formatNumber(right)} of ${formatNumber(count)} right` : "";
  return `${size}${left}${score}: ${captions.join("; ")}.`;
}
