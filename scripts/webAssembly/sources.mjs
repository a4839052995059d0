// What the WebAssembly module is made of and how, for the script that makes it and the test that looks
// whether it was made since its sources changed.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ENGINE = fileURLToPath(new URL("../../lib/engine", import.meta.url));

/** The one source that is compiled; all others are headers. */
export const SOURCE = path.join(ENGINE, "web", "cpp", "module.cc");
/** Where headers are looked for. */
export const FOLDERS = [path.join(ENGINE, "web", "cpp"), path.join(ENGINE, "cpp")];
/** What the script writes. */
export const TARGET = path.join(ENGINE, "web", "moduleBytes.ts");
/** The compiler and its major version: another one makes other bytes. */
export const COMPILER = { name: "clang++", version: 19 };

/** What both modules are compiled with. */
export const FLAGS = [
  "--target=wasm32",
  "-std=c++17",
  "-O3",
  "-ffreestanding",
  "-nostdlib",
  "-fno-exceptions",
  "-fno-rtti",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-ffp-contract=fast",
  "-msimd128",
  "-mbulk-memory",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Wno-unknown-pragmas",
  "-Wno-unused-function",
  "-Wl,--no-entry",
  "-Wl,--strip-all",
  "-Wl,--export=__heap_base",
  "-Wl,--export=__stack_pointer",
  "-Wl,--import-memory",
  "-Wl,--max-memory=4294967296",
];

/** The modules by name, the best first, with what is special about each. */
export const VARIANTS = { relaxed: ["-mrelaxed-simd"], simd: [] };

/** The source and all headers that it needs, as [name, text], in the order in which they are met. */
export function sources() {
  const seen = new Map();
  const read = (file) => {
    const name = path.basename(file);
    if (seen.has(name)) {
      return;
    }
    const text = fs.readFileSync(file, "utf8");
    seen.set(name, text);
    for (const [, header] of text.matchAll(/#include "(.*)"/g)) {
      const found = FOLDERS.map((folder) => path.join(folder, header)).find((each) =>
        fs.existsSync(each),
      );
      if (found === undefined) {
        throw new Error(`${name} includes "${header}", which is in neither of ${FOLDERS}.`);
      }
      read(found);
    }
  };
  read(SOURCE);
  return [...seen];
}

/** Stands for the sources and for how they are compiled. Comments and empty lines change nothing. */
export function hashOfSources() {
  const code = sources().map(([name, text]) => [name, withoutComments(text)]);
  const all = JSON.stringify([COMPILER, FLAGS, VARIANTS, code]);
  return createHash("sha256").update(all).digest("hex");
}

function withoutComments(text) {
  return text
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\/\/.*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
