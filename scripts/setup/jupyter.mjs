// Step 4: JupyterLab and what belongs to it, in the project's own Python environment.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findPython, makeVenv, pipComplaint, pythonEnv } from "./python.mjs";
import { SetupError } from "./report.mjs";
import { run } from "./run.mjs";

export const name = "Jupyter";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/**
 * Settings for a Lab that asks nothing and fetches nothing, and that saves with a notebook where its
 * sliders stand; a user's own settings come on top.
 */
const SETTINGS = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyter-widgets/jupyterlab-manager:plugin": { saveState: true },
};

/** @param {import("./project.mjs").Project} project */
export async function check(project) {
  if (!fs.existsSync(project.venvPython)) {
    return { ok: false, detail: "not installed" };
  }
  if (fs.existsSync(markFile(project))) {
    return { ok: false, detail: "its installation was interrupted" };
  }
  const wanted = readPins(fs.readFileSync(requirements, "utf8"));
  const code = `
import importlib.metadata, sys
for name in sys.argv[1:]:
    try:
        print(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        print("missing")`;
  const result = await run(project.venvPython, ["-c", code, ...wanted.keys()], {
    env: pythonEnv(project.env),
    limitSeconds: 60,
  });
  if (!result.ok) {
    return { ok: false, detail: `its Python does not start: ${result.failure}` };
  }
  const versions = result.stdout.trim().split(/\s+/);
  const wrong = [...wanted].findIndex(([, version], i) => versions[i] !== version);
  if (wrong >= 0) {
    return { ok: false, detail: `${[...wanted.keys()][wrong]} is ${versions[wrong]}` };
  }
  if (!hasSettings(project)) {
    return { ok: false, detail: "its settings are missing" };
  }
  return {
    ok: true,
    detail: `JupyterLab ${wanted.get("jupyterlab")}, Notebook ${wanted.get("notebook")} in .venv`,
  };
}

/**
 * @param {import("./project.mjs").Project} project
 * @param {{ report: import("./report.mjs").Reporter }} options
 */
export async function install(project, { report }) {
  if (project.offline) {
    throw unavailable("KARENINA_OFFLINE is set");
  }
  const options = { cwd: project.root, env: pythonEnv(project.env), limitSeconds: 1200 };
  const hasPip = await run(project.venvPython, ["-m", "pip", "--version"], options);
  if (!hasPip.ok || fs.existsSync(markFile(project))) {
    const found = await findPython(project);
    if (found.python === null) {
      throw unavailable(found.reason);
    }
    report.doing(name, "making .venv");
    const made = await makeVenv(project, found.python);
    if (!made.ok) {
      throw unavailable(made.reason);
    }
  }
  report.doing(name, "installing");
  // A package that pip was killed over counts for pip as installed, though half of it is missing.
  fs.writeFileSync(markFile(project), "");
  const pip = await run(
    project.venvPython,
    ["-m", "pip", "install", "--quiet", "--retries=2", "--timeout=20", "-r", requirements],
    options,
  );
  // One that fails by itself takes back what it did; one that was killed has no exit status.
  if (pip.ok || pip.code !== null) {
    fs.rmSync(markFile(project), { force: true });
  }
  if (!pip.ok) {
    throw unavailable(pipComplaint(pip));
  }
  const settings = settingsFile(project);
  fs.mkdirSync(path.dirname(settings), { recursive: true });
  fs.writeFileSync(`${settings}.new`, settingsText());
  fs.renameSync(`${settings}.new`, settings);
  const after = await check(project);
  if (!after.ok) {
    throw unavailable(`after the installation ${after.detail}`);
  }
  return after.detail;
}

/** @param {string} text a requirements file @returns {Map<string, string>} name to exact version */
export function readPins(text) {
  return new Map(
    text.split("\n").flatMap((line) => {
      const pin = /^([\w.-]+)==(\S+)$/.exec(line.trim());
      return pin ? [[pin[1], pin[2]]] : [];
    }),
  );
}

/** Lies in .venv while pip works in it. */
function markFile(project) {
  return path.join(project.venv, "installing");
}

function settingsText() {
  return `${JSON.stringify(SETTINGS, null, 2)}\n`;
}

function hasSettings(project) {
  const file = settingsFile(project);
  return fs.existsSync(file) && fs.readFileSync(file, "utf8") === settingsText();
}

function settingsFile(project) {
  return path.join(project.venv, "share", "jupyter", "lab", "settings", "overrides.json");
}

function unavailable(reason) {
  return new SetupError(
    `JupyterLab cannot be installed: ${reason}. Mend that and run \`npm run setup\`. Without it ` +
      "`npm start` has nothing to start; `npm run notebooks` runs the lessons all the same.",
  );
}
