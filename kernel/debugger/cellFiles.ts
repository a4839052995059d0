import { tmpdir } from "node:os";
import { join, sep } from "node:path";

/** The constant of Austin Appleby's MurmurHash2. */
const M = 0x5bd1e995;

/**
 * MurmurHash2 of a text's UTF-8, 32 bits, by which front ends of Jupyter and kernels agree on the
 * names of cells: https://github.com/aappleby/smhasher/blob/master/src/MurmurHash2.cpp
 */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text, "utf8");
  const blocks = bytes.length - (bytes.length % 4);
  let hash = seed ^ bytes.length;
  for (let at = 0; at < blocks; at += 4) {
    let block = Math.imul(bytes.readInt32LE(at), M);
    block = Math.imul(block ^ (block >>> 24), M);
    hash = Math.imul(hash, M) ^ block;
  }
  if (blocks < bytes.length) {
    for (let at = bytes.length - 1; at >= blocks; at--) {
      hash ^= bytes[at] << (8 * (at - blocks));
    }
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** How the cells of this kernel are called as files. No such files are written. */
export const CELL_FILES = {
  seed: 0xc70f6907,
  prefix: join(tmpdir(), `karenina-${process.pid}`) + sep,
  suffix: ".ts",
} as const;

/** The file that a cell with a text is called. */
export function cellPath(text: string): string {
  return `${CELL_FILES.prefix}${murmur2(text, CELL_FILES.seed)}${CELL_FILES.suffix}`;
}
