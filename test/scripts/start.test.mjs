import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { jupyterEnv, labArguments } from "../../scripts/setup/lab.mjs";
import { project } from "../../scripts/setup/project.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const { NODE_TEST_CONTEXT: _, ...env } = process.env;
const skip = fs.existsSync(project.venvPython) ? false : "JupyterLab is not installed";

const PROC = fs.existsSync("/proc/self/cmdline");

/** The processes in whose command line a kernel's id stands, where the system shows command lines. */
function processesOf(id) {
  if (!PROC) {
    return [];
  }
  return fs.readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(id);
    } catch {
      return false;
    }
  });
}

/** Starts Lab as a user does, with a home whose Jupyter configuration is broken. */
async function startLab(t, args = []) {
  const { base } = temporaryProject(t);
  write(path.join(base, ".jupyter", "jupyter_server_config.py"), "raise Exception('broken')");
  write(path.join(base, ".jupyter", "jupyter_lab_config.json"), "{ broken");
  const start = path.join(project.root, "scripts", "start.mjs");
  // Port 0: the system picks a free one.
  const child = spawn(process.execPath, [start, "--no-browser", ...args, "--port=0"], {
    env: { ...env, HOME: base },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  t.after(() => child.kill("SIGTERM"));
  let said = "";
  const address = new Promise((resolve) => {
    const look = (chunk) => {
      said += chunk;
      const found = /(http:\/\/127\.0\.0\.1:\d+)(\/lab\S*)\?token=(\w+)/.exec(said);
      if (found) {
        resolve({ server: found[1], page: found[2], token: found[3] });
      }
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
  });
  const died = ended.then(([code]) => {
    throw new Error(`npm start ended with ${code} and said: ${said}`);
  });
  return { child, ended, said: () => said, ...(await Promise.race([address, died])) };
}

test("npm start serves Lab with its kernels, guarded, and Ctrl-C ends both", {
  skip,
}, async (t) => {
  const { child, ended, server, page, token, said } = await startLab(t);
  const ask = (route, options = {}) =>
    fetch(server + route, { ...options, headers: { Authorization: `token ${token}` } });
  assert.match(page, /^\/lab\/tree\/notebooks/);
  assert.equal((await fetch(`${server}/api/kernelspecs`)).status, 403, "not without the token");

  const { kernelspecs } = await (await ask("/api/kernelspecs")).json();
  assert.equal(kernelspecs.tslab.spec.display_name, "TypeScript (tslab)");
  for (const name of fs.readdirSync(project.kernelspecs)) {
    assert.ok(kernelspecs[name], name);
  }

  const plotly = await ask("/files/node_modules/plotly.js-dist/plotly.js", { method: "HEAD" });
  assert.equal(plotly.status, 200, "figures find plotly.js");
  const settings = await (await ask("/lab/api/settings")).text();
  assert.match(settings, /fetchNews/);

  const body = JSON.stringify({ name: "tslab" });
  const started = await ask("/api/kernels", { method: "POST", body });
  assert.equal(started.status, 201);
  const { id } = await started.json();
  assert.equal(processesOf(id).length, PROC ? 1 : 0);
  child.kill("SIGINT");
  assert.deepEqual(await ended, [0, null], said());
  await assert.rejects(fetch(server), "nobody listens any more");
  assert.deepEqual(processesOf(id), [], "the kernel has ended, too");
});

test("npm start opens the lessons in another language, and says which there are", {
  skip,
}, async (t) => {
  const { child, ended, page, said } = await startLab(t, ["--language", "ru"]);
  assert.match(page, /^\/lab\/tree\/notebooks-ru\/00-welcome\.ipynb$/);
  assert.match(said(), /^notebooks-ru\/appendix-gallery\.ipynb/m);
  child.kill("SIGINT");
  assert.deepEqual(await ended, [0, null], said());

  const start = path.join(project.root, "scripts", "start.mjs");
  const refused = (...args) =>
    spawnSync(process.execPath, [start, ...args], { encoding: "utf8", env });
  const unknown = refused("--language=de");
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /no notebooks to write in "de". The lessons are translated to: ru;/);
  const none = refused("--language");
  assert.equal(none.status, 1);
  assert.match(none.stderr + none.stdout, /--language takes a language's two letters/);
});

test("nothing that a user told his own Jupyter reaches ours", (t) => {
  const temporary = temporaryProject(t, {
    JUPYTER_PATH: "/users/own",
    JUPYTER_CONFIG_DIR: "/users/own",
    PYTHONPATH: "/users/own",
    PYTHONHOME: "/users/own",
    LANG: "ru_RU.UTF-8",
  });
  const clean = jupyterEnv(temporary);
  assert.ok(!JSON.stringify(clean).includes("/users/own"));
  assert.equal(clean.LANG, "ru_RU.UTF-8");
});

test("Lab opens on a lesson where there is one, and else on the folder", (t) => {
  const temporary = temporaryProject(t);
  const opens = (lesson) =>
    labArguments(temporary, lesson).find((word) => word.startsWith("--LabApp.default_url="));
  assert.equal(
    opens("notebooks/01-a.ipynb"),
    "--LabApp.default_url=/lab/tree/notebooks/01-a.ipynb",
  );
  assert.equal(opens(), "--LabApp.default_url=/lab/tree/notebooks");
});
