import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KernelError, startKernel } from "../../../runner/client";
import { scripted, TSX, temporaryFolder, withGrowingLimit } from "./kernels";

/** The scripted kernel, which says `words` and stays mute in its first `failures` processes. */
function unlucky(words: string, failures: number) {
  const log = join(temporaryFolder(), "starts");
  const source = `
    const fs = require("node:fs");
    fs.appendFileSync(${JSON.stringify(log)}, "x");
    if (fs.statSync(${JSON.stringify(log)}).size > ${failures}) {
      process.argv.splice(1, 0, "scripted-kernel");
      require(${JSON.stringify(join(__dirname, "scriptedKernel.ts"))});
    } else {
      console.error(${JSON.stringify(words)});
      setInterval(() => {}, 1000);
    }`;
  const argv = [process.execPath, "-r", TSX, "-e", source, "{connection_file}"];
  return { spec: { ...scripted(), argv }, starts: () => readFileSync(log, "utf8").length };
}

for (const words of [
  "Error: listen EADDRINUSE: address already in use 127.0.0.1:5555",
  "Error: Socket is blocked by a bind or unbind operation",
]) {
  test(`a kernel that fails by bad luck is started again: ${words}`, async () => {
    const { spec, starts } = unlucky(words, 2);
    const kernel = await startKernel({ spec });
    assert.equal((await kernel.execute("")).status, "ok");
    assert.equal(starts(), 3);
    await kernel.shutdown();
  });
}

test("a kernel that fails for good is not", async () => {
  await withGrowingLimit(async (startupTimeoutMs) => {
    const { spec, starts } = unlucky("Error: no such thing", 9);
    let message = "";
    await assert.rejects(startKernel({ spec, startupTimeoutMs }), (error: unknown) => {
      message = (error as Error).message;
      return error instanceof KernelError;
    });
    if (!/no such thing/.test(message)) {
      return false;
    }
    assert.equal(starts(), 1);
    return true;
  }, "the kernel has said what is wrong");
});
