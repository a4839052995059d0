"use strict";
// Run with the library's preload and tsx: starts the kernel named by the first argument in the
// project named by the second, asks it over its sockets what it is, computes, and prints the answer.
const { findKernelSpec, startKernel } = require("../../runner/client");

async function main() {
  const [name, root] = process.argv.slice(2);
  const start = performance.now();
  const kernel = await startKernel({ spec: findKernelSpec(name, { root }), cwd: root });
  try {
    const seconds = (performance.now() - start) / 1000;
    const { status } = await kernel.execute("const doctor: number = 6 * 7;", { timeoutMs: 60_000 });
    if (status !== "ok") {
      throw new Error(`it answers "${status}" to a cell that is right`);
    }
    const { implementation, implementation_version: version } = kernel.info;
    process.stdout.write(JSON.stringify({ implementation, version, seconds }));
  } finally {
    await kernel.shutdown();
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
