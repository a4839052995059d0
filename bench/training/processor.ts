import fs from "node:fs";
import path from "node:path";

// What Linux says of a processor, for the line below the table. Elsewhere nothing is known.

/** The text of /proc/cpuinfo; empty where there is none. */
export function readProcessor(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}

/** The sets of vector instructions that decide how fast products are, by the flags of /proc/cpuinfo. */
const SETS: Record<string, string> = {
  amx_tile: "AMX",
  avx512_vnni: "AVX-512 with VNNI",
  avx512f: "AVX-512",
  avx2: "AVX2",
  asimd: "NEON",
};

/** The best of a processor's sets of instructions; empty where none is known. */
export function instructionsOf(cpuinfo: string): string {
  const flags = cpuinfo.match(/^(?:flags|Features)\s*:(.*)$/m)?.[1].split(" ") ?? [];
  const best = Object.keys(SETS).find((flag) => flags.includes(flag));
  return best === undefined ? "" : SETS[best];
}

/** A core's caches for data, such as "L1 32K, L2 1024K, L3 32768K"; empty where none is known. */
export function cachesOf(folder: string): string {
  if (!fs.existsSync(folder)) {
    return "";
  }
  const indices = fs.readdirSync(folder).filter((name) => /^index\d+$/.test(name));
  const caches = indices.map((name) => {
    const read = (file: string) => fs.readFileSync(path.join(folder, name, file), "utf8").trim();
    return { level: read("level"), type: read("type"), size: read("size") };
  });
  return caches
    .filter(({ type }) => type !== "Instruction")
    .sort((a, b) => Number(a.level) - Number(b.level))
    .map(({ level, size }) => `L${level} ${size}`)
    .join(", ");
}
