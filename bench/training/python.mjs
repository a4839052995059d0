// node bench/training/python.mjs: the Python environment of the PyTorch, Keras and JAX contestants, made
// where it is missing; prints its python. Apart from .venv, because together they take 2 GB, on Linux 6 GB.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { project as main } from "../../scripts/setup/project.mjs";
import { findPython, makeVenv, pipComplaint, pythonEnv } from "../../scripts/setup/python.mjs";
import { run } from "../../scripts/setup/run.mjs";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
const venv = path.join(main.build, "bench", "python");
const project = {
  ...main,
  venv,
  venvPython: path.join(venv, path.relative(main.venv, main.venvPython)),
};
/** A copy of the requirements lies in the environment that has them. */
const installed = path.join(venv, "requirements.txt");

function fail(reason) {
  console.error(`The Python environment for the comparison cannot be made: ${reason}.`);
  process.exit(1);
}

const wanted = fs.readFileSync(requirements, "utf8");
if (!fs.existsSync(installed) || fs.readFileSync(installed, "utf8") !== wanted) {
  const found = await findPython(project);
  if (found.python === null) {
    fail(found.reason);
  }
  console.error("Installing PyTorch, Keras and JAX (2 GB, on Linux 6 GB) under build/bench/ ...");
  fs.mkdirSync(path.dirname(venv), { recursive: true });
  const made = await makeVenv(project, found.python);
  if (!made.ok) {
    fail(made.reason);
  }
  const options = { cwd: main.root, env: pythonEnv(main.env), limitSeconds: 3600 };
  const pip = await run(
    project.venvPython,
    ["-m", "pip", "install", "--quiet", "--retries=2", "--timeout=60", "-r", requirements],
    options,
  );
  if (!pip.ok) {
    fail(pipComplaint(pip));
  }
  fs.writeFileSync(installed, wanted);
}
console.log(project.venvPython);
