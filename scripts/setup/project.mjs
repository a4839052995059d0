// The project's folders, as one object so that tests can point the steps at a folder of their own.
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @param {string} root the project's root folder
 * @param {NodeJS.ProcessEnv} [env] the environment that the steps look at and hand to children
 */
export function projectAt(root, env = process.env) {
  const nodeModules = path.join(root, "node_modules");
  const build = path.join(root, "build");
  const venv = path.join(root, ".venv");
  return {
    root,
    env,
    /** Whether nothing may be fetched: the library's variable holds for set-up, too. */
    offline: !["", "0", "false"].includes((env.KARENINA_OFFLINE ?? "").toLowerCase()),
    build,
    venv,
    nodeModules,
    tfjsNode: path.join(nodeModules, "@tensorflow", "tfjs-node"),
    /** What the TensorFlow step did and why; lies in node_modules because it dies with it. */
    tensorflowRecord: path.join(nodeModules, ".karenina", "tensorflow.json"),
    venvPython:
      process.platform === "win32"
        ? path.join(venv, "Scripts", "python.exe")
        : path.join(venv, "bin", "python"),
    /** Kernelspecs for the notebook runner, which needs no Python. */
    kernelspecs: path.join(build, "kernels"),
    /** The same kernelspecs where Jupyter looks for them. */
    jupyterKernelspecs: path.join(venv, "share", "jupyter", "kernels"),
    /** Computes on a backend, in a child process. */
    probe: fileURLToPath(new URL("probe.cjs", import.meta.url)),
    preload: path.join(root, "lib", "host", "node", "preload.cjs"),
    /** Opens the library's doors on Node.js, for programs that import insides of it. */
    doors: path.join(root, "lib", "node.ts"),
    /** Lets stock tslab be reached over sockets in the file system. */
    tslabIpc: path.join(root, "scripts", "setup", "tslabIpc.cjs"),
    tsx: path.join(nodeModules, "tsx", "dist", "cjs", "index.cjs"),
  };
}

/** @typedef {ReturnType<typeof projectAt>} Project */

/** The project that these scripts belong to. */
export const project = projectAt(
  fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, ""),
);
