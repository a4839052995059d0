// What JupyterLite loads of an extension first: a container of module federation, as webpack would make
// one, which has one module. https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html
import type { SharedPackages } from "../../labextension/lab";

/** Gives what a package exports that the page shares. @throws Error where it shares none of that name */
export type Take = (name: string) => Promise<Record<string, unknown>>;

/**
 * Offers an extension to the page that runs this script.
 *
 * @param name the extension's, as its package.json has it
 * @param plugins makes what JupyterLite is to activate
 */
export function offer(name: string, plugins: (take: Take) => Promise<object[]>): void {
  let shared: SharedPackages = {};
  const take: Take = async (wanted) => {
    // The page shares one version of it, its own.
    const [found] = Object.values(shared[wanted] ?? {});
    if (!found) {
      throw new Error(`This page shares no ${wanted}: ${name} wants JupyterLite 0.8.`);
    }
    return (await found.get())();
  };
  const container = {
    init(packages: SharedPackages): void {
      shared = packages;
    },
    async get(module: string): Promise<() => unknown> {
      if (module !== "./extension") {
        throw new Error(`${name} has no module "${module}", only ./extension.`);
      }
      const all = await plugins(take);
      return () => ({ __esModule: true, default: all });
    },
  };
  const federation = globalThis as { _JUPYTERLAB?: Record<string, unknown> };
  federation._JUPYTERLAB ??= {};
  federation._JUPYTERLAB[name] = container;
}
