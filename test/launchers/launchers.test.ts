// What Binder, dev containers and VS Code start from, checked as far as it can be without them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { z } from "zod";

const ROOT = resolve(__dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const { scripts, engines } = JSON.parse(read("package.json"));

/** The ids that marketplaces give: publisher, dot, name. */
const extensions = z.array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/)).min(1);
const size = z.string().regex(/^\d+([tgmk]b)?$/);

/** The part of containers.dev's schema (devContainer.base.schema.json) that is used. */
const devContainer = z.strictObject({
  name: z.string(),
  image: z.string().regex(/^[\w./-]+:[\w.-]+$/),
  features: z.record(
    z.string().regex(/^[\w./-]+:\d+$/),
    z.record(z.string(), z.union([z.string(), z.boolean()])),
  ),
  hostRequirements: z.strictObject({ cpus: z.int().min(1), memory: size, storage: size }),
  postCreateCommand: z.string(),
  remoteEnv: z.record(z.string(), z.string()),
  forwardPorts: z.array(z.int().min(0).max(65535)),
  portsAttributes: z.record(
    z.string().regex(/^\d+$/),
    z.strictObject({
      label: z.string(),
      onAutoForward: z.enum(["notify", "openBrowser", "openPreview", "silent", "ignore"]),
    }),
  ),
  customizations: z.strictObject({ vscode: z.strictObject({ extensions }) }),
});

/** The scripts of package.json that a command or a shell script runs. */
const npmScripts = (text: string) =>
  [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1]);

/** The first number of a version, "22-bookworm" for one. */
const major = (version: string | undefined) => Number(/\d+/.exec(version ?? "")?.[0]);

test("the dev container fits its schema and sets the project up", () => {
  const container = devContainer.parse(JSON.parse(read(".devcontainer/devcontainer.json")));
  assert.deepEqual(npmScripts(container.postCreateCommand), ["setup"]);
  assert.ok(scripts.setup);
  assert.ok(major(container.image.split(":")[1]) >= major(engines.node));
  assert.match(container.remoteEnv.JUPYTER_PATH, /\/\.venv\/share\/jupyter$/);
  // What set-up writes there are the kernels, once it has run.
  const kernels = join(ROOT, ".venv", "share", "jupyter", "kernels");
  if (existsSync(kernels)) {
    assert.ok(readdirSync(kernels).includes("karenina"));
  }
});

test("VS Code recommends what the dev container installs", () => {
  const { recommendations } = z
    .strictObject({ recommendations: extensions })
    .parse(JSON.parse(read(".vscode/extensions.json")));
  const container = devContainer.parse(JSON.parse(read(".devcontainer/devcontainer.json")));
  assert.deepEqual(recommendations, container.customizations.vscode.extensions);
});

test("Binder's environment has a Node and a Python that the project takes", () => {
  const text = read(".binder/environment.yml");
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  // The whole of the file: lists of plain words under two keys.
  const lists = new Map<string, string[]>();
  let list: string[] | undefined;
  for (const line of lines) {
    const key = /^(\w+):$/.exec(line)?.[1];
    const item = /^ {2}- (\S+)$/.exec(line)?.[1];
    assert.ok(key || (item && list), `"${line}" is neither a key nor an item`);
    if (key) {
      list = [];
      lists.set(key, list);
    } else {
      list!.push(item!);
    }
  }
  assert.deepEqual([...lists.keys()], ["channels", "dependencies"]);
  const wanted = Object.fromEntries(lists.get("dependencies")!.map((each) => each.split("=")));
  assert.ok(major(wanted.nodejs) >= major(engines.node));
  const oldest = /OLDEST_PYTHON = \[3, (\d+)\]/.exec(read("scripts/setup/python.mjs"))?.[1];
  assert.ok(Number(wanted.python.split(".")[1]) >= Number(oldest));
});

test("Debian packages are named one a line", () => {
  for (const name of read(".binder/apt.txt").trim().split("\n")) {
    assert.match(name, /^[a-z0-9][a-z0-9+.-]+$/);
  }
});

test("postBuild is a program, of right syntax, that runs what is there", {
  skip: process.platform === "win32" ? "there is no bash" : false,
}, () => {
  const file = join(ROOT, ".binder", "postBuild");
  accessSync(file, constants.X_OK);
  execFileSync("bash", ["-n", file]);
  const text = read(".binder/postBuild");
  for (const script of npmScripts(text)) {
    assert.ok(scripts[script], `npm run ${script}`);
  }
  for (const [, path] of text.matchAll(/ -r (\S+)/g)) {
    assert.ok(existsSync(join(ROOT, path)));
  }
  assert.match(text, /^set -euo pipefail$/m);
});

test("start is a program of right syntax that hands the server's command to the classroom's start.sh", {
  skip: process.platform === "win32" ? "there is no bash" : false,
}, () => {
  const file = join(ROOT, ".binder", "start");
  accessSync(file, constants.X_OK);
  // Here stands for the folder of the image, which repo2docker names REPO_DIR.
  const [, called] = /"\$\{REPO_DIR\}\/(\S+)" "\$@"$/m.exec(read(".binder/start"))!;
  accessSync(join(ROOT, called), constants.X_OK);
  execFileSync("bash", ["-n", file]);
  execFileSync("sh", ["-n", join(ROOT, called)]);
});
