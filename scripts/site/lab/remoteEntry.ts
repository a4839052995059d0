// The script that JupyterLite loads first of what the site adds to it.
import { offer } from "../../../kernel/lite/extension/container";
import { type LabPackages, sharingPlugin } from "./sharing";
import { stillsPlugin } from "./stillsPlugin";

offer("karenina-site", async (take) => {
  const [{ INotebookTracker }, { IMainMenu }, apputils] = await Promise.all([
    take("@jupyterlab/notebook"),
    take("@jupyterlab/mainmenu"),
    take("@jupyterlab/apputils"),
  ]);
  return [
    sharingPlugin({ INotebookTracker, IMainMenu, ...apputils } as LabPackages),
    stillsPlugin(),
  ];
});
