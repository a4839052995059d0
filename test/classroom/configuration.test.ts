// The classroom's files, as far as they can be checked without JupyterHub.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";

const ROOT = resolve(__dirname, "../..");
const WINDOWS = { skip: process.platform === "win32" };
const read = (file: string) => fs.readFileSync(join(ROOT, file), "utf8");

/** What the configuration sets, by "Class.name", with a stand-in for what JupyterHub gives it. */
const EVALUATE = `
import json, sys, types
class Section:
    def __init__(self, name, found):
        self.__dict__.update(name=name, found=found)
    def __setattr__(self, key, value):
        self.found[self.name + "." + key] = sorted(value) if isinstance(value, set) else value
class Configuration:
    def __init__(self): self.found = {}
    def __getattr__(self, name): return Section(name, self.found)
sys.modules["jupyterhub"] = types.ModuleType("jupyterhub")
sys.modules["jupyterhub.spawner"] = types.ModuleType("jupyterhub.spawner")
sys.modules["jupyterhub.spawner"].LocalProcessSpawner = object
c = Configuration()
path = sys.argv[1]
exec(compile(open(path).read(), path, "exec"), {"get_config": lambda: c, "__file__": path})
print(json.dumps(c.found, default=str))`;

test("the hub's configuration names what is there", (t) => {
  const path = join(ROOT, "classroom", "jupyterhub_config.py");
  const run = spawnSync("python3", ["-c", EVALUATE, path], { encoding: "utf8" });
  if (run.error) {
    return t.skip("there is no python3");
  }
  assert.equal(run.status, 0, run.stderr);
  const found = JSON.parse(run.stdout);
  const [start] = found["Spawner.cmd"];
  assert.equal(start, join(ROOT, "classroom", "start.sh"));
  fs.accessSync(start, fs.constants.X_OK);
  assert.equal(found["Spawner.notebook_dir"], "~/karenina");
  const lesson = found["Spawner.default_url"].replace("/lab/tree/", "");
  assert.ok(fs.existsSync(join(ROOT, lesson)), lesson);
  assert.ok(found["Spawner.args"].includes("--KernelManager.transport=ipc"));
});

test("a hub whose students could not enter the installation says so", WINDOWS, (t) => {
  const base = fs.mkdtempSync(join(tmpdir(), "installation-"));
  t.after(() => fs.rmSync(base, { recursive: true, force: true }));
  const classroom = join(base, "classroom");
  fs.mkdirSync(classroom);
  for (const file of ["jupyterhub_config.py", "start.sh"]) {
    fs.copyFileSync(join(ROOT, "classroom", file), join(classroom, file));
    fs.chmodSync(join(classroom, file), 0o755);
  }
  fs.chmodSync(classroom, 0o755);
  const said = (mode: number) => {
    fs.chmodSync(base, mode);
    const path = join(classroom, "jupyterhub_config.py");
    return spawnSync("python3", ["-c", EVALUATE, path], { encoding: "utf8" });
  };
  const open = said(0o755);
  if (open.error) {
    return t.skip("there is no python3");
  }
  const warning = `${fs.realpathSync(base)} is not open to all users`;
  assert.ok(!open.stderr.includes(warning), open.stderr);
  const closed = said(0o700);
  assert.equal(closed.status, 0, closed.stderr);
  assert.ok(closed.stderr.includes(warning), closed.stderr);
});

/** What a server's program that start.sh starts gets, and the modes of what it makes. */
function startWith(t: TestContext, env: Record<string, string>) {
  const home = fs.mkdtempSync(join(tmpdir(), "student-"));
  t.after(() => fs.rmSync(home, { recursive: true, force: true }));
  const script = `
    const { writeFileSync, statSync } = require("node:fs");
    writeFileSync(process.env.HOME + "/made", "");
    const mode = (statSync(process.env.HOME + "/made").mode & 0o777).toString(8);
    const { JUPYTER_PATH, JUPYTER_CONFIG_PATH, JUPYTER_RUNTIME_DIR, TMPDIR } = process.env;
    const told = { JUPYTER_PATH, JUPYTER_CONFIG_PATH, JUPYTER_RUNTIME_DIR, TMPDIR };
    console.log(JSON.stringify({ mode, ...told, args: process.argv.slice(1) }));`;
  const command = [process.execPath, "-e", script, "--", "an argument"];
  const output = execFileSync(join(ROOT, "classroom", "start.sh"), command, {
    encoding: "utf8",
    env: { ...process.env, JUPYTER_PATH: "", JUPYTER_CONFIG_PATH: "", ...env, HOME: home },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return { home, told: JSON.parse(output) };
}

test(
  "start.sh gives a student the lessons, both kernels, and files of the student's own",
  WINDOWS,
  (t) => {
    const { home, told } = startWith(t, {});
    assert.deepEqual(told, {
      mode: "600",
      JUPYTER_PATH: join(ROOT, "build"),
      JUPYTER_CONFIG_PATH: join(ROOT, "classroom", "jupyter"),
      JUPYTER_RUNTIME_DIR: join(home, ".run"),
      TMPDIR: join(home, ".tmp"),
      args: ["an argument"],
    });
    const notebooks = fs
      .readdirSync(join(ROOT, "notebooks"))
      .filter((name) => name.endsWith(".ipynb"));
    const copies = fs.readdirSync(join(home, "karenina", "notebooks"));
    for (const name of notebooks) {
      assert.ok(copies.includes(name), name);
    }
    // What lesson 08 does; npm takes the student's folder for the project, unless a npm says otherwise.
    const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name));
    const help = execFileSync("npm", ["run", "--silent", "sample", "--", "--help"], {
      encoding: "utf8",
      cwd: join(home, "karenina", "notebooks"),
      env: { ...Object.fromEntries(own), HOME: home },
    });
    assert.match(help, /--start-text/);
  },
);

test("Lab's settings for students are those of set-up", () => {
  const found = JSON.parse(read("classroom/jupyter/labconfig/default_setting_overrides.json"));
  const text = read("scripts/setup/jupyter.mjs");
  const plugins = Object.entries<object>(found);
  assert.equal(plugins.length, text.match(/^ {2}"@jupyter.*: \{.*\},$/gm)?.length);
  for (const [plugin, settings] of plugins) {
    assert.ok(text.includes(plugin), plugin);
    for (const [name, value] of Object.entries(settings)) {
      assert.ok(text.includes(`${name}: ${JSON.stringify(value)}`), name);
    }
  }
});

test("start.sh starts the server though the lessons cannot be copied", WINDOWS, (t) => {
  const { told } = startWith(t, { KARENINA_LESSONS: join(ROOT, "no such folder") });
  assert.deepEqual(told.args, ["an argument"]);
});

test("the hub's packages are pinned, beside those of set-up", () => {
  const [setUp, ...pins] = read("classroom/requirements.txt").trim().split("\n");
  const [, file] = /^-r (.+)$/.exec(setUp)!;
  assert.ok(fs.existsSync(join(ROOT, "classroom", file)));
  assert.deepEqual(
    pins.map((pin) => pin.replace(/==\d+(\.\d+)+$/, "==")),
    ["jupyterhub==", "jupyterhub-systemdspawner=="],
  );
});
