// The script that JupyterLab loads first: a container of module federation, as webpack would make
// one, which has this one module. https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html
import type { SharedPackages } from "./lab";
import { staleCellsPlugin } from "./plugin";

let shared: SharedPackages = {};

const container = {
  init(packages: SharedPackages): void {
    shared = packages;
  },
  async get(module: string): Promise<() => unknown> {
    if (module !== "./extension") {
      throw new Error(
        `karenina-kernel has no module "${module}" for JupyterLab, only ./extension.`,
      );
    }
    // JupyterLab shares one version of it, its own.
    const [notebook] = Object.values(shared["@jupyterlab/notebook"] ?? {});
    if (!notebook) {
      throw new Error("This front end shares no @jupyterlab/notebook, so stale cells get no mark.");
    }
    const { INotebookTracker } = (await notebook.get())();
    return () => ({ __esModule: true, default: staleCellsPlugin(INotebookTracker) });
  },
};

const federation = globalThis as { _JUPYTERLAB?: Record<string, unknown> };
federation._JUPYTERLAB ??= {};
federation._JUPYTERLAB["karenina-kernel"] = container;
