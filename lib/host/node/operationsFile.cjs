"use strict";
// Where set-up puts the library's own operations for TensorFlow (engine/native/cpp, by the formulas of
// engine/cpp), and where the native engine finds them: beside tfjs-node's add-on, under a name that says what they were compiled from. So a
// library whose sources have changed never loads operations of another version. Plain JavaScript because
// set-up runs before TypeScript can be loaded.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const ENGINE = path.join(__dirname, "..", "..", "engine");
const SOURCES = path.join(ENGINE, "native", "cpp");
/** Headers that know no machine, which the WebAssembly module is made of, too. */
const SHARED = path.join(ENGINE, "cpp");

/** What every file is compiled with. No instruction set of the machine that compiles may be in it. */
const FLAGS = [
  "-std=c++17",
  "-O3",
  "-fPIC",
  "-fvisibility=hidden",
  // Loops with roots and comparisons become vectors only where no flags and traps are to be kept.
  "-fno-math-errno",
  "-fno-trapping-math",
  "-ffp-contract=fast",
  "-DNAPI_VERSION=8",
  "-pthread",
];

/** The instruction sets that kernels.cc is compiled for, by the processor's family. */
const VARIANTS = {
  x64: {
    plain: [],
    avx2: ["-mavx2", "-mfma"],
    avx512: ["-mavx512f", "-mavx2", "-mfma", "-mprefer-vector-width=512"],
  },
  // NEON belongs to every such processor.
  arm64: { plain: [] },
};

exports.SOURCES = SOURCES;
exports.SHARED = SHARED;
exports.FLAGS = FLAGS;
exports.variantsFor = (architecture = process.arch) => VARIANTS[architecture];

exports.operationsFile = (
  tfjsNode = path.dirname(require.resolve("@tensorflow/tfjs-node/package.json")),
) => {
  const hash = createHash("sha256").update(JSON.stringify([FLAGS, VARIANTS]));
  for (const folder of [SHARED, SOURCES]) {
    let names;
    try {
      names = fs.readdirSync(folder).filter((name) => /\.(cc|h)$/.test(name));
    } catch {
      return null; // a package without the sources has no operations of its own either
    }
    for (const name of names.sort()) {
      hash.update(name).update(fs.readFileSync(path.join(folder, name)));
    }
  }
  const key = hash.digest("hex").slice(0, 16);
  return path.join(tfjsNode, "lib", "karenina", `operations-${key}.node`);
};
