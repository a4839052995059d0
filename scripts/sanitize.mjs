// `npm run test:sanitize`: runs the kernels of lib/engine/cpp over random sizes under the address and undefined
// behaviour sanitizers, for every instruction set that this processor has. Takes some minutes of compiling.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findCompiler } from "./setup/compiler.mjs";

const { FLAGS, SHARED, SOURCES, variantsFor } = createRequire(import.meta.url)(
  "../lib/host/node/operationsFile.cjs",
);
const driver = fileURLToPath(new URL("../test/lib/engine/cpp/randomSizes.cc", import.meta.url));
/** What has to be among the processor's flags, beside a variant's own compiler flags. */
const NEEDS = { plain: [], avx2: ["avx2", "fma"], avx512: ["avx2", "fma", "avx512f"] };

const { compiler, reason } = findCompiler(process.env);
if (compiler === null) {
  console.error(reason);
  process.exit(1);
}
const processor = fs.readFileSync("/proc/cpuinfo", "utf8").match(/^flags\s*:(.*)$/m)?.[1] ?? "";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-sanitize-"));
try {
  for (const [variant, flags] of Object.entries(variantsFor())) {
    if (!NEEDS[variant].every((name) => processor.split(" ").includes(name))) {
      console.log(`${variant}: not on this processor`);
      continue;
    }
    const program = path.join(folder, variant);
    const sanitizers = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    const sources = [path.join(SOURCES, "kernels.cc"), driver];
    const all = [...FLAGS, ...sanitizers, ...flags, `-DVARIANT=${variant}`, `-I${SHARED}`];
    execFileSync(compiler, [...all, ...sources, "-o", program], { stdio: "inherit" });
    execFileSync(program, { stdio: "inherit" });
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
