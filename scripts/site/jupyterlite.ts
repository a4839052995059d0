import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findPython, pipComplaint, pythonEnv } from "../setup/python.mjs";
import { run } from "../setup/run.mjs";

const ROOT = resolve(__dirname, "../..");

const REQUIREMENTS = join(__dirname, "requirements.txt");

/** The extensions among them that go into every site. */
const WIDGETS = ["@jupyter-widgets/jupyterlab-manager", "anywidget"];

/**
 * The program that makes a site of JupyterLite, in an environment of its own.
 * @throws Error saying what cannot be installed, and why
 */
async function jupyterLite(folder: string): Promise<string> {
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const program = join(bin, process.platform === "win32" ? "jupyter-lite.exe" : "jupyter-lite");
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  const record = join(folder, "installed.txt");
  if (existsSync(record) && readFileSync(record, "utf8") === wanted) {
    return program;
  }
  const found = await findPython({ env: process.env, root: ROOT });
  if (found.python === null) {
    throw new Error(`JupyterLite needs Python: ${found.reason}`);
  }
  rmSync(folder, { recursive: true, force: true });
  const options = { cwd: ROOT, env: pythonEnv(process.env), limitSeconds: 300 };
  const made = await run(found.python, ["-m", "venv", folder], options);
  if (!made.ok) {
    throw new Error(`${found.python} -m venv failed: ${made.failure}`);
  }
  const python = join(bin, process.platform === "win32" ? "python.exe" : "python3");
  const pip = ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS];
  const installed = await run(python, pip, options);
  if (!installed.ok) {
    throw new Error(`JupyterLite could not be installed: ${pipComplaint(installed)}`);
  }
  writeFileSync(record, wanted);
  return program;
}

/**
 * Makes an empty JupyterLite with extensions in it, beside those that draw widgets.
 *
 * @param site is emptied first
 * @param options `extensions`: their folders; `work`: a folder for what is installed and made on the way
 * @throws Error with JupyterLite's words
 */
export async function makeJupyterLite(
  site: string,
  { extensions, work }: { extensions: readonly string[]; work: string },
): Promise<void> {
  const environment = join(work, "python");
  const program = await jupyterLite(environment);
  const installed = join(environment, "share", "jupyter", "labextensions");
  const folder = join(work, "lite");
  rmSync(folder, { recursive: true, force: true });
  rmSync(site, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // An empty folder to start in: what else lies around is nobody's business.
  const settings = {
    LiteBuildConfig: {
      federated_extensions: [...extensions, ...WIDGETS.map((name) => join(installed, name))],
      ignore_sys_prefix: ["federated_extensions"],
      no_sourcemaps: true,
      output_dir: site,
    },
  };
  writeFileSync(join(folder, "jupyter_lite_config.json"), JSON.stringify(settings));
  const config = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
      appName: "Karenina",
      defaultKernelName: "karenina",
      // See contents.ts.
      contentsAllJsonFile: "all.json",
    },
  };
  writeFileSync(join(folder, "jupyter-lite.json"), JSON.stringify(config));
  const built = await run(program, ["build"], {
    cwd: folder,
    env: pythonEnv(process.env),
    limitSeconds: 300,
  });
  if (!built.ok) {
    throw new Error(`JupyterLite could not be built: ${built.failure}`);
  }
}
