import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { sandboxed, usageOf, whyNoSandbox } from "../../../scripts/grade/sandbox";
import { temporaryFolder } from "../../lib/datasets/workspace";

const ROOT = resolve(__dirname, "../../..");
const skip = whyNoSandbox() ?? false;

test("in the sandbox there is nothing but what was named, and only its own disk can be written", {
  skip,
}, (t) => {
  const folder = temporaryFolder(t);
  for (const name of ["root", "named", "other"]) {
    mkdirSync(join(folder, name));
  }
  writeFileSync(join(folder, "named/text"), "named");
  writeFileSync(join(folder, "other/text"), "other");
  const script = `
    const fs = require("node:fs"), os = require("node:os"), net = require("node:net");
    const does = (act) => { try { act(); return true; } catch { return false; } };
    const reads = (file) => does(() => fs.readFileSync(file));
    const writes = (file) => does(() => fs.writeFileSync(file, "x"));
    const seen = {
      named: reads(${JSON.stringify(join(folder, "named/text"))}),
      other: reads(${JSON.stringify(join(folder, "other/text"))}),
      lessons: reads(${JSON.stringify(join(ROOT, "lessons/exercises/welcome.ts"))}),
      users: reads("/etc/passwd"),
      packages: reads(${JSON.stringify(join(ROOT, "node_modules/typescript/package.json"))}),
      writesNamed: writes(${JSON.stringify(join(folder, "named/text"))}),
      writesPackages: writes(${JSON.stringify(join(ROOT, "node_modules/typescript/x"))}),
      writesSystem: writes("/usr/x"),
      writesDisk: writes("/tmp/x"),
      fillsDisk: does(() => fs.writeFileSync("/tmp/y", Buffer.alloc(300_000_000))),
      addresses: Object.values(os.networkInterfaces()).flat().filter(({ internal }) => !internal).length,
      processes: fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length,
      privileges: /CapEff:\\s*0+\\n/.test(fs.readFileSync("/proc/self/status", "utf8")),
    };
    console.log(JSON.stringify(seen));`;
  const [program, ...args] = sandboxed([realpathSync(process.execPath), "-e", script], {
    root: join(folder, "root"),
    places: [join(folder, "named")],
    memory: 2 ** 32,
  });
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  assert.deepEqual(JSON.parse(stdout || JSON.stringify(stderr)), {
    named: true,
    other: false,
    lessons: false,
    users: false,
    packages: true,
    writesNamed: false,
    writesPackages: false,
    writesSystem: false,
    writesDisk: true,
    fillsDisk: false,
    addresses: 0,
    processes: 1,
    privileges: true,
  });
});

test("what a process and its children use is counted where Linux tells", {
  skip: process.platform === "linux" ? false : "this is not Linux",
}, () => {
  const { bytes, seconds, processes } = usageOf(process.pid);
  const { rss } = process.memoryUsage();
  assert.ok(bytes > rss / 2 && bytes < 3 * rss, `${bytes} of ${rss}`);
  const { user, system } = process.cpuUsage();
  assert.ok(seconds > 0 && seconds <= (user + system) / 1e6 + 1, `${seconds}`);
  assert.ok(processes >= 1);
});
