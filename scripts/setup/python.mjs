// Which Python there is, and which pip.
import fs from "node:fs";
import { run, which } from "./run.mjs";

/** What Jupyter's pinned versions ask for. */
export const OLDEST_PYTHON = [3, 10];

/**
 * The first Python on the PATH that is new enough.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<{ python: string, version: string } | { python: null, reason: string }>}
 */
export async function findPython(project) {
  const seen = [];
  for (const name of ["python3", "python", "py"]) {
    const python = which([name], project.env);
    if (!python) {
      continue;
    }
    // Of what Windows and pyenv put on the PATH under this name, not all is a Python: hence the run.
    const result = await run(
      python,
      ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"],
      {
        env: project.env,
        limitSeconds: 30,
      },
    );
    const version = result.stdout.trim();
    const [major, minor] = version.split(".").map(Number);
    if (result.ok && major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) {
      return { python, version };
    }
    seen.push(result.ok ? `${python} is version ${version}` : `${python} does not start`);
  }
  const wanted = `Python ${OLDEST_PYTHON.join(".")} or newer`;
  const why = seen.length > 0 ? `${seen.join(", ")}` : "there is no python3 on the PATH";
  return { python: null, reason: `${why}: install ${wanted} (Debian: apt install python3-venv)` };
}

/**
 * A Python with pip: the one on the PATH, else the project's own environment.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<{ python: string } | { python: null, reason: string }>}
 */
export async function findPip(project) {
  const found = await findPython(project);
  if (found.python === null) {
    return found;
  }
  if (await hasPip(found.python, project)) {
    return found;
  }
  if (!(await hasPip(project.venvPython, project))) {
    const made = await makeVenv(project, found.python);
    if (!made.ok) {
      return { python: null, reason: made.reason };
    }
  }
  return { python: project.venvPython };
}

/**
 * Makes the project's own Python environment, with pip, over whatever lies there.
 *
 * @param {import("./project.mjs").Project} project
 * @param {string} python
 * @returns {Promise<{ ok: true } | { ok: false, reason: string }>}
 */
export async function makeVenv(project, python) {
  const options = { cwd: project.root, env: pythonEnv(project.env) };
  fs.rmSync(project.venv, { recursive: true, force: true });
  const venv = await run(python, ["-m", "venv", project.venv], options);
  if (venv.ok) {
    return { ok: true };
  }
  // Debian's python3 lacks ensurepip until python3-venv is installed; virtualenv brings its own pip.
  fs.rmSync(project.venv, { recursive: true, force: true });
  const virtualenv = await run(python, ["-m", "virtualenv", "--quiet", project.venv], options);
  if (virtualenv.ok) {
    return { ok: true };
  }
  fs.rmSync(project.venv, { recursive: true, force: true });
  const debian = /ensurepip|No module named venv/.test(venv.stdout + venv.stderr);
  const reason = debian
    ? `${python} cannot make virtual environments: install Debian's python3-venv (apt install python3-venv)`
    : `${python} -m venv failed: ${venv.failure}`;
  return { ok: false, reason };
}

/** The environment for Python children: nothing that bends the module search path gets through. */
export function pythonEnv(env) {
  const { PYTHONPATH: _, PYTHONHOME: __, ...rest } = env;
  return { ...rest, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_ROOT_USER_ACTION: "ignore" };
}

/**
 * Why pip failed, in one line: its last words speak of a missing package where in truth no index
 * answered.
 *
 * @param {import("./run.mjs").Outcome} result
 */
export function pipComplaint({ stderr, failure }) {
  const trouble =
    /Temporary failure in name resolution|Name or service not known|Network is unreachable|Connection refused|timed out|certificate verify failed|Cannot connect to proxy/i.exec(
      stderr,
    );
  return trouble
    ? `pip cannot reach its package index (${trouble[0].toLowerCase()})`
    : `pip: ${failure}`;
}

async function hasPip(python, project) {
  return (await run(python, ["-m", "pip", "--version"], { env: pythonEnv(project.env) })).ok;
}
