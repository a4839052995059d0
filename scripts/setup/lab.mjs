// How JupyterLab is started: for this project alone, whatever the user's Jupyter is configured to do.
import path from "node:path";
import { pythonEnv } from "./python.mjs";

/**
 * Arguments for the Python of .venv. Jupyter's root is the project and not notebooks/, because the
 * figures load plotly.js from node_modules through the server's /files route; lessons are found
 * through the address that Lab opens with.
 *
 * @param {import("./project.mjs").Project} project
 * @param {string} [lesson] what to open, relative to the project; by default the folder of lessons
 */
export function labArguments(project, lesson = "notebooks") {
  return [
    "-m",
    "jupyterlab",
    `--ServerApp.root_dir=${project.root}`,
    `--LabApp.default_url=/lab/tree/${lesson}`,
    // Ctrl-C stops the server and its kernels without a question.
    "--ServerApp.answer_yes=True",
    "--MultiKernelManager.default_kernel_name=karenina",
    // Neither news nor updates nor a catalogue of extensions: no network is needed.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    // Its own warnings and errors, and the address to open.
    "--log-level=ERROR",
    "--LabApp.log_level=ERROR",
    // Containers have no other user, and the token is asked for all the same.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}

/**
 * An environment in which a user's own Jupyter configuration, data and running servers are not seen.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {NodeJS.ProcessEnv}
 */
export function jupyterEnv(project) {
  const own = (name) => path.join(project.build, "jupyter", name);
  const { JUPYTER_PATH: _, JUPYTER_CONFIG_PATH: __, ...env } = pythonEnv(project.env);
  return {
    ...env,
    JUPYTER_CONFIG_DIR: own("config"),
    JUPYTER_DATA_DIR: own("data"),
    JUPYTER_RUNTIME_DIR: own("runtime"),
    JUPYTER_PLATFORM_DIRS: "0",
    PYTHONWARNINGS: "ignore",
  };
}
