// `npm run test:sanitize`: runs the kernels of lib/engine/cpp, and the steppers with their threads, over random sizes
// under the address and undefined behaviour sanitizers, for every instruction set that this processor has, and under
// the thread sanitizer. Takes some minutes of compiling.
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
/** What runs without TensorFlow. */
const STEPPED = ["kernels.cc", "lstmStepper.cc", "transformerStepper.cc", "team.cc"];
const SANITIZERS = ["address,undefined", "thread"];
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
    const sources = STEPPED.map((name) => path.join(SOURCES, name)).concat(driver);
    const includes = [`-I${SHARED}`, `-I${SOURCES}`];
    for (const sanitizers of variant === "plain" ? SANITIZERS : SANITIZERS.slice(0, 1)) {
      const program = path.join(folder, `${variant}-${sanitizers}`);
      const checks = ["-g", "-O1", `-fsanitize=${sanitizers}`, "-fno-sanitize-recover=all"];
      const all = [...FLAGS, ...checks, ...flags, `-DVARIANT=${variant}`, ...includes];
      execFileSync(compiler, [...all, ...sources, "-o", program], { stdio: "inherit" });
      console.log(sanitizers);
      execFileSync(program, { stdio: "inherit" });
    }
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
