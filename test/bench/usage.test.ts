import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import { descendantsOf, handlesOf, parseCpuSeconds, parseSmaps, usageOf } from "../../bench/usage";
import { processesByUser } from "../classroom/trial/memory";

const skip = process.platform === "linux" ? false : "there is no /proc";
const own = String(process.pid);

test("shares and own pages are summed from smaps_rollup", () => {
  const text = [
    "55d0c8a00000-7ffd2a9fe000 ---p 00000000 00:00 0    [rollup]",
    "Rss:              900 kB",
    "Pss:              500 kB",
    "Pss_Anon:         300 kB",
    "Anonymous:        310 kB",
    "Private_Clean:     40 kB",
    "Private_Dirty:    260 kB",
    "",
  ].join("\n");
  assert.deepEqual(parseSmaps(text), {
    pss: 500 * 1024,
    own: 300 * 1024,
    anonymous: 310 * 1024,
  });
});

test("processor time counts children that have ended, and bears any name", () => {
  const text = "42 (a) b (c) S 1 42 42 0 -1 4194560 100 200 0 0 150 50 25 75 20 0 1 0 100";
  assert.equal(parseCpuSeconds(text), 3);
});

test("this process is found and measured", { skip }, () => {
  assert.ok(processesByUser().get(process.getuid!())!.includes(own));
  const { pss, own: alone, cpuSeconds } = usageOf([own]);
  const { rss } = process.memoryUsage();
  assert.ok(alone > 1e6 && alone <= pss && pss < 2 * rss, `${alone} ${pss} ${rss}`);
  assert.ok(cpuSeconds > 0);
  // A process that has ended takes nothing.
  assert.deepEqual(usageOf(["999999999"]), { pss: 0, own: 0, anonymous: 0, cpuSeconds: 0 });
  assert.equal(handlesOf(["999999999"]), 0);
  assert.deepEqual(descendantsOf("999999999"), []);
});

test("open files are counted", { skip }, () => {
  const before = handlesOf([own]);
  const files = [1, 2, 3].map(() => openSync(__filename, "r"));
  assert.equal(handlesOf([own]), before + 3);
  for (const file of files) {
    closeSync(file);
  }
  assert.equal(handlesOf([own]), before);
});

test("children and their children are found as long as they run", { skip }, async () => {
  const before = descendantsOf(own);
  const child = spawn("sh", ["-c", "sleep 60 & echo started; wait"], { detached: true });
  await once(child.stdout, "data");
  const found = descendantsOf(own).filter((pid) => !before.includes(pid));
  assert.equal(found.length, 2);
  assert.equal(found[0], String(child.pid));
  process.kill(-child.pid!, "SIGKILL");
  await once(child, "exit");
  assert.ok(!descendantsOf(own).includes(String(child.pid)));
});
