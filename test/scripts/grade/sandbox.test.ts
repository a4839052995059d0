import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { processStat } from "../../../kernel/processStat";
import { sandboxed, usageOf, whyNoSandbox } from "../../../scripts/grade/sandbox";
import { temporaryFolder } from "../../lib/datasets/workspace";

const ROOT = resolve(__dirname, "../../..");
const skip = whyNoSandbox() ?? false;

/** Code of a command in the sandbox: can it write to a file of the folder PLACE? */
const WRITES = `
  const writes = (name) => {
    try { require("node:fs").writeFileSync(process.env.PLACE + "/" + name, "x"); return true; }
    catch { return false; }
  };`;

/** Why a folder cannot get a disk of its own in new namespaces; false where it can. */
function mountsFail(): string | false {
  const act = "mount -t tmpfs tmpfs /mnt";
  const { status } = spawnSync("unshare", ["--map-root-user", "--mount", "sh", "-c", act]);
  return status === 0 ? false : "no disk can be mounted here";
}

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
      // Opening them for writing changes nothing, nor does the mode that a device has.
      startsPrograms: does(() => fs.openSync("/proc/sys/kernel/core_pattern", "r+")),
      changesKernel: does(() => fs.openSync("/proc/sys/vm/drop_caches", fs.constants.O_WRONLY)),
      writesMemory: does(() => fs.openSync("/proc/1/mem", "r+")),
      changesDevices: does(() => fs.chmodSync("/dev/null", fs.statSync("/dev/null").mode)),
      writesDevices: does(() => fs.writeFileSync("/dev/null", "x")),
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
    startsPrograms: false,
    changesKernel: false,
    writesMemory: false,
    changesDevices: false,
    writesDevices: true,
    fillsDisk: false,
    addresses: 0,
    processes: 1,
    privileges: true,
  });
});

test("disks below a place, whatever it is called, cannot be written either", {
  skip: skip || mountsFail(),
}, (t) => {
  const folder = temporaryFolder(t);
  const place = join(folder, "a place");
  for (const each of [join(folder, "root"), place, join(place, "below")]) {
    mkdirSync(each);
  }
  // In namespaces of its own, so that the disk below is gone with them.
  const [program, ...args] = sandboxed(
    [realpathSync(process.execPath), "-e", `${WRITES}console.log(writes("x"), writes("below/x"));`],
    { root: join(folder, "root"), places: [place], memory: 2 ** 32 },
  );
  const inner = `cd "$1"; mount -t tmpfs tmpfs below; shift; exec "$@"`;
  const mounting = ["--map-root-user", "--mount", "sh", "-ec", inner, "sh", place];
  const environment = { ...process.env, PLACE: place };
  const { stdout, stderr } = spawnSync("unshare", [...mounting, program, ...args], {
    encoding: "utf8",
    env: environment,
  });
  assert.equal(stdout.trim(), "false false", stderr);
});

test("a sandbox ends with the process that has begun it", { skip, timeout: 60_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const [program, ...args] = sandboxed([realpathSync(process.execPath), "-e", "for (;;) {}"], {
    root: folder,
    places: [],
    memory: 2 ** 32,
  });
  const begin = `
    const child = require("node:child_process").spawn(
      ${JSON.stringify(program)}, ${JSON.stringify(args)}, { detached: true, stdio: "ignore" });
    console.log(child.pid);`;
  const beginner = spawn(process.execPath, ["-e", begin], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = (await once(beginner.stdout, "data")) as [Buffer];
  const pid = Number(text);
  assert.ok(isThere(pid));
  t.after(() => isThere(pid) && process.kill(pid, "SIGKILL"));
  beginner.kill("SIGKILL");
  while (isThere(pid)) {
    await setTimeout(20);
  }
});

/** Is there such a process, and has it not ended? */
function isThere(pid: number): boolean {
  const { state } = processStat(`/proc/${pid}/stat`) ?? { state: "Z" };
  return state !== "Z" && state !== "X";
}

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
