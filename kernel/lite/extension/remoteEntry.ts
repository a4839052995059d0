// The script that JupyterLite loads first: a container of module federation, as webpack would make
// one, which has this one module. The kernel's files lie beside it.
import type { SharedPackages } from "../../labextension/lab";
import { staleCellsPlugin } from "../../labextension/plugin";
import { plugins } from "./plugins";
import type { Services } from "./services";

declare const document: { currentScript: { src: string } };

// To be read while the script runs.
const base = new URL("kernel/", document.currentScript.src).href;
let shared: SharedPackages = {};

async function take(name: string): Promise<Record<string, unknown>> {
  // The page shares one version of it, its own.
  const [found] = Object.values(shared[name] ?? {});
  if (!found) {
    throw new Error(`This page shares no ${name}: the kernel wants JupyterLite 0.8.`);
  }
  return (await found.get())();
}

const container = {
  init(packages: SharedPackages): void {
    shared = packages;
  },
  async get(module: string): Promise<() => unknown> {
    if (module !== "./extension") {
      throw new Error(`karenina-jupyterlite has no module "${module}", only ./extension.`);
    }
    const services = (await take("@jupyterlite/services")) as unknown as Services;
    const { INotebookTracker } = await take("@jupyterlab/notebook");
    const all = [...plugins(services, base), staleCellsPlugin(INotebookTracker)];
    return () => ({ __esModule: true, default: all });
  },
};

const federation = globalThis as { _JUPYTERLAB?: Record<string, unknown> };
federation._JUPYTERLAB ??= {};
federation._JUPYTERLAB["karenina-jupyterlite"] = container;
