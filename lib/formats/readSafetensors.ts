import { host } from "../host/host";
import { parseTensorFile, TensorFileError } from "./safetensorsHeader";
import { readValues, type SafetensorsType, type ValuesByType } from "./safetensorsValues";

export type { SafetensorsType };

/** A tensor of a file: `values` row by row, as exact as they were written. */
export type SafetensorsTensor = {
  [Type in SafetensorsType]: { dtype: Type; shape: number[]; values: ValuesByType[Type] };
}[SafetensorsType];

/** What stands in a safetensors file. */
export interface SafetensorsFile {
  /** By name, in the order of the header. */
  tensors: Map<string, SafetensorsTensor>;
  /** Texts that the writer added; empty where there are none. */
  metadata: Record<string, string>;
}

/**
 * Reads a safetensors file, whichever program wrote it: Python's `safetensors.torch.save_file`, or a
 * checkpoint of this library. Half-precision and brain floats become 32-bit floats, 64-bit integers
 * `bigint`s, all others the typed array of their size.
 *
 * @param source a file's name, or its bytes
 * @throws TensorFileError for a file that cannot be read, is none of this format, is cut or damaged, or has
 *   a type that JavaScript cannot hold (F8 and smaller, complex numbers)
 *
 * @example
 * const { tensors } = readSafetensors("model.safetensors");
 * const { values, shape } = tensors.get("rnn.weight_ih_l0")!;
 */
export function readSafetensors(source: string | Uint8Array): SafetensorsFile {
  const shown = typeof source === "string" ? host.store.resolve(source) : "These bytes";
  const bytes = typeof source === "string" ? bytesOf(source, shown) : source;
  if (!(bytes instanceof Uint8Array)) {
    throw new TensorFileError(
      `readSafetensors takes a file's name or its bytes as a Uint8Array, not ${typeof source}.`,
    );
  }
  try {
    const { places, metadata, values } = parseTensorFile(bytes);
    const tensors = new Map<string, SafetensorsTensor>();
    for (const { name, dtype, shape, begin, end } of places) {
      const type = dtype as SafetensorsType;
      const read = readValues(name, type, values.subarray(begin, end));
      tensors.set(name, { dtype: type, shape, values: read } as SafetensorsTensor);
    }
    return { tensors, metadata };
  } catch (error) {
    if (!(error instanceof TensorFileError)) {
      throw error;
    }
    throw new TensorFileError(`${shown} can't be read as safetensors: ${error.message}.`, {
      cause: error,
    });
  }
}

function bytesOf(file: string, shown: string): Uint8Array {
  try {
    return host.store.read(file);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const why = code === "ERR_FS_FILE_TOO_LARGE" ? "it has more than 2 GB" : (code ?? message);
    throw new TensorFileError(`${shown} can't be read (${why}). Give the path of one file.`, {
      cause: error,
    });
  }
}
