import assert from "node:assert/strict";
import fs from "node:fs";
import * as path from "node:path";
import { type TestContext, test } from "node:test";
import { run, someText, start, workFolder } from "./commandProcess";

const MEGABYTE = 1 << 20;

/** Has a command write down the most memory it ever held. */
function memoryProbe(folder: string): { options: Parameters<typeof run>[2]; peak: () => number } {
  const probe = path.join(folder, "probe.cjs");
  const result = path.join(folder, "peak");
  fs.writeFileSync(
    probe,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(result)}, String(process.resourceUsage().maxRSS)));`,
  );
  return {
    options: { node: ["-r", probe] },
    peak: () => Number(fs.readFileSync(result, "utf8")) * 1024,
  };
}

function writeText(folder: string, megabytes: number): void {
  const piece = someText(MEGABYTE);
  const file = fs.openSync(path.join(folder, "text.txt"), "w");
  for (let i = 0; i < megabytes; i++) {
    fs.writeSync(file, piece);
  }
  fs.closeSync(file);
}

async function peaks(
  t: TestContext,
  megabytes: number,
): Promise<{ preprocess: number; train: number }> {
  const folder = workFolder(t);
  writeText(folder, megabytes);
  const { options, peak } = memoryProbe(folder);
  const made = await run(folder, ["preprocess", "--input-txt", "text.txt"], options);
  assert.equal(made.code, 0, made.stderr);
  const preprocess = peak();
  const training = start(
    folder,
    [
      "train",
      "--input-data",
      "text.data",
      "--rnn-size",
      "8",
      "--wordvec-size",
      "4",
      "--print-every",
      "1",
      "--max-epochs",
      "50",
      "--sample-every",
      "0",
    ],
    options,
  );
  await training.says(/i = 150 /);
  training.child.kill("SIGINT");
  const { code, stderr } = await training.ended;
  assert.equal(code, 130, stderr);
  return { preprocess, train: peak() };
}

test("a text of 200 MB takes no more memory than one of 20 MB, to preprocess and to train on", async (t) => {
  const small = await peaks(t, 20);
  const large = await peaks(t, 200);
  t.diagnostic(JSON.stringify({ small, large }));
  assert.ok(large.preprocess < small.preprocess + 50 * MEGABYTE);
  assert.ok(large.train < small.train + 50 * MEGABYTE);
});
