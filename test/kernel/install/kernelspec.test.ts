import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { installKernelSpec, kernelJson, kernelsFolder } from "../../../kernel/install/kernelspec";
import { packageRoot } from "../../../kernel/node/packageRoot";

const folder = mkdtempSync(join(tmpdir(), "install-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function cli(...parameters: string[]) {
  spawnSync(process.execPath, [join(packageRoot(), "build.mjs")]);
  const script = join(packageRoot(), "bin", "kernel.cjs");
  return spawnSync(process.execPath, [script, ...parameters], {
    encoding: "utf8",
    env: { ...process.env, VIRTUAL_ENV: "", CONDA_PREFIX: "" },
  });
}

test("install writes a specification that names what exists", () => {
  const { status, stderr } = cli(
    "install",
    "--prefix",
    folder,
    "--name",
    "ts",
    "--display-name",
    "My TypeScript",
    "--require",
    "./first.cjs",
    "second",
    "--env",
    "A=1",
    "B=x=y",
  );
  assert.equal(status, 0, stderr);
  const spec = join(folder, "share", "jupyter", "kernels", "ts");
  const kernel = JSON.parse(readFileSync(join(spec, "kernel.json"), "utf8"));
  const [node, youngGeneration, r1, first, r2, second, script, ...rest] = kernel.argv;
  assert.equal(node, process.execPath);
  assert.match(youngGeneration, /^--max-semi-space-size=\d+$/);
  assert.deepEqual(
    [r1, first, r2, second],
    ["-r", join(process.cwd(), "first.cjs"), "-r", "second"],
  );
  assert.ok(existsSync(script));
  assert.deepEqual(rest, ["start", "{connection_file}"]);
  assert.equal(kernel.display_name, "My TypeScript");
  assert.equal(kernel.interrupt_mode, "message");
  assert.deepEqual(kernel.env, { A: "1", B: "x=y" });
  assert.deepEqual(readdirSync(spec).sort(), [
    "kernel.json",
    "logo-32x32.png",
    "logo-64x64.png",
    "logo-svg.svg",
  ]);
});

test("installing again replaces, and leaves nothing else behind", () => {
  const spec = kernelJson({ displayName: "New", require: [], env: {} });
  installKernelSpec(folder, "again", spec);
  installKernelSpec(folder, "again", { ...spec, display_name: "Newer" });
  assert.match(readFileSync(join(folder, "again", "kernel.json"), "utf8"), /Newer/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
});

test("what one user installs for all, all can read", { skip: process.platform === "win32" }, () => {
  const umask = process.umask(0o022);
  try {
    const spec = kernelJson({ displayName: "Shared", require: [], env: {} });
    const installed = installKernelSpec(folder, "shared", spec);
    assert.equal(statSync(installed).mode & 0o777, 0o755);
    for (const name of readdirSync(installed)) {
      assert.equal(statSync(join(installed, name)).mode & 0o044, 0o044, name);
    }
  } finally {
    process.umask(umask);
  }
});

test("the place follows Jupyter's rules", () => {
  const kernels = (env: NodeJS.ProcessEnv) => kernelsFolder({ user: true }, env);
  assert.equal(kernels({ JUPYTER_DATA_DIR: "/data" }), join("/data", "kernels"));
  assert.equal(
    kernelsFolder({ sysPrefix: true }, { VIRTUAL_ENV: "/venv" }),
    join("/venv", "share", "jupyter", "kernels"),
  );
});

test("wrong use is reported plainly", () => {
  assert.match(cli("install", "--sys-prefix").stderr, /VIRTUAL_ENV/);
  assert.match(cli("install", "--prefix", folder, "--name", "a b").stderr, /no name for a kernel/);
  assert.match(cli("install", "--prefix", folder, "--env", "novalue").stderr, /a name and a value/);
  assert.notEqual(cli("install", "--user", "--prefix", folder).status, 0);
});
