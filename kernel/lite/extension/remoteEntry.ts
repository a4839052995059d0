// The script that JupyterLite loads first. The kernel's files lie beside it.
import { staleCellsPlugin } from "../../labextension/plugin";
import { offer } from "./container";
import { plugins } from "./plugins";
import type { Services } from "./services";

declare const document: { currentScript: { src: string } };

// To be read while the script runs.
const base = new URL("kernel/", document.currentScript.src).href;

offer("karenina-jupyterlite", async (take) => {
  const services = (await take("@jupyterlite/services")) as unknown as Services;
  const { INotebookTracker } = await take("@jupyterlab/notebook");
  return [...plugins(services, base), staleCellsPlugin(INotebookTracker)];
});
