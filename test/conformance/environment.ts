import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");
export const OUT = join(ROOT, "build/conformance");

/** What the suite needs in Python besides what JupyterLab brings. */
const PACKAGES = { jupyter_kernel_test: "0.7.0", nbclient: "0.11.0" };

/**
 * The Python of the project's own environment, with the test packages in it; they are installed
 * when they are missing.
 * @throws Error where there is no such Python, or where pip cannot install the packages.
 */
export function findPython(): string {
  const python = join(
    ROOT,
    process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python",
  );
  if (!existsSync(python)) {
    throw new Error(
      `There is no ${python}. The protocol suite runs on Jupyter's own Python packages: run ` +
        "`npm run setup`, which installs them into the project's .venv, then try again.",
    );
  }
  const options = { env: pythonEnvironment(), encoding: "utf8" } as const;
  const code =
    "import importlib.metadata as m, sys\n" +
    "installed = {d.name.replace('-', '_'): d.version for d in m.distributions()}\n" +
    "print(*(installed.get(name, 'none') for name in sys.argv[1:]))";
  const versions = execFileSync(python, ["-c", code, ...Object.keys(PACKAGES)], options)
    .trim()
    .split(" ");
  const missing = Object.entries(PACKAGES).filter(([, version], i) => versions[i] !== version);
  if (missing.length > 0) {
    const pins = missing.map(([name, version]) => `${name}==${version}`);
    console.error(`Installing ${pins.join(", ")} into .venv`);
    execFileSync(python, ["-m", "pip", "install", "--quiet", ...pins], {
      ...options,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  return python;
}

/** The environment of the suite: the project's kernels, and nothing of the user's own Jupyter. */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  const { PYTHONHOME: _, ...inherited } = process.env;
  const home = join(OUT, "home");
  mkdirSync(home, { recursive: true });
  return {
    ...inherited,
    PYTHONPATH: join(ROOT, "test/conformance"),
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
    // Set-up writes the project's kernelspecs to build/kernels.
    JUPYTER_PATH: [join(ROOT, "build"), ...(process.env.JUPYTER_PATH ?? "").split(delimiter)]
      .filter(Boolean)
      .join(delimiter),
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    IPYTHONDIR: join(home, "ipython"),
    KARENINA_HISTORY: join(home, "history"),
  };
}
