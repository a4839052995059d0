// What JupyterLite's menu and toolbar offer for sharing.
import { linkTo, OFTEN_CUT, TooLong } from "../share/link";
import { KeptWork } from "../work/keptWork";

/** The part of JupyterLab 4's interface that is used; its packages weigh a hundred times more. */
export interface LabPackages {
  INotebookTracker: unknown;
  IMainMenu: unknown;
  ICommandPalette: unknown;
  ToolbarButton: new (options: {
    label: string;
    tooltip: string;
    onClick: () => void;
  }) => Disposable;
  Dialog: { okButton(options: { label: string }): unknown; cancelButton(): unknown };
  showDialog(options: {
    title: string;
    body: string;
    buttons: unknown[];
  }): Promise<{ button: { accept: boolean } }>;
  InputDialog: {
    getText(options: {
      title: string;
      label: string;
      text: string;
      okLabel: string;
    }): Promise<unknown>;
  };
}

interface Disposable {
  dispose(): void;
}

/** https://jupyterlab.readthedocs.io/en/stable/api/classes/notebook.NotebookPanel-1.html */
interface NotebookPanel {
  context: { path: string; model: { toJSON(): unknown } };
  toolbar: { insertItem(index: number, name: string, widget: Disposable): boolean };
}

interface NotebookTracker {
  readonly currentWidget: NotebookPanel | null;
}

interface Application {
  commands: {
    addCommand(
      id: string,
      command: { label: string; isEnabled?: () => boolean; execute: () => unknown },
    ): void;
    execute(id: string): Promise<unknown>;
  };
  docRegistry: {
    addWidgetExtension(
      widget: string,
      extension: { createNew(panel: NotebookPanel): Disposable },
    ): void;
  };
}

interface MainMenu {
  fileMenu: { addGroup(items: { command: string }[], rank: number): void };
}

interface Palette {
  addItem(item: { command: string; category: string }): void;
}

const COPY_LINK = "karenina:copy-link";
const DOWNLOAD_WORK = "karenina:download-work";
const BRING_WORK = "karenina:bring-work";

export function sharingPlugin(lab: LabPackages) {
  return {
    id: "karenina-site:sharing",
    description: "Makes links to notebooks, and one file of a reader's work.",
    autoStart: true,
    requires: [lab.INotebookTracker],
    optional: [lab.IMainMenu, lab.ICommandPalette],
    activate(
      app: Application,
      notebooks: NotebookTracker,
      menu: MainMenu | null,
      palette: Palette | null,
    ): void {
      const { commands } = app;
      const copyLink = (panel: NotebookPanel) =>
        offerLink(panel, lab, () => commands.execute("docmanager:download"));
      commands.addCommand(COPY_LINK, {
        label: "Copy a Link to This Notebook",
        isEnabled: () => notebooks.currentWidget !== null,
        execute: () => notebooks.currentWidget && copyLink(notebooks.currentWidget),
      });
      commands.addCommand(DOWNLOAD_WORK, {
        label: "Download My Work",
        execute: () => downloadWork(lab, () => commands.execute("docmanager:save-all")),
      });
      commands.addCommand(BRING_WORK, {
        label: "Bring My Work Back…",
        execute: () => open(new URL("#work-head", siteOf(location.href)), "_blank"),
      });
      const all = [COPY_LINK, DOWNLOAD_WORK, BRING_WORK].map((command) => ({ command }));
      menu?.fileMenu.addGroup(all, 60);
      for (const each of all) {
        palette?.addItem({ ...each, category: "Notebook Operations" });
      }
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew(panel) {
          const button = new lab.ToolbarButton({
            label: "Link",
            tooltip: "Copy a link to this notebook",
            onClick: () => void copyLink(panel),
          });
          panel.toolbar.insertItem(10, "karenina-link", button);
          return button;
        },
      });
    },
  };
}

/** The address of the site's first page: Lab's own page lies in a folder of it. */
export const siteOf = (page: string) => new URL("..", page.replace(/[?#].*$/, "")).href;

/**
 * Copies a link to a notebook as it is in the page, saved or not, and shows it.
 * @param download hands over the file in its place
 */
async function offerLink(
  { context }: NotebookPanel,
  { Dialog, InputDialog, showDialog }: LabPackages,
  download: () => unknown,
): Promise<void> {
  const { path, model } = context;
  const name = path.slice(path.lastIndexOf("/") + 1);
  let link: string;
  try {
    link = await linkTo(siteOf(location.href), JSON.stringify(model.toJSON()), path);
  } catch (error) {
    const isTooLong = error instanceof TooLong;
    const { button } = await showDialog({
      title: `No link to ${name}`,
      body: isTooLong
        ? `${error.message} Download it, and send the file: the site's page open.html opens it.`
        : `There is no link to it: ${(error as Error).message}`,
      buttons: isTooLong
        ? [Dialog.cancelButton(), Dialog.okButton({ label: "Download" })]
        : [Dialog.okButton({ label: "Close" })],
    });
    if (isTooLong && button.accept) {
      await download();
    }
    return;
  }
  const copied = await navigator.clipboard.writeText(link).then(
    () => true,
    () => false,
  );
  const length = link.length.toLocaleString("en");
  await InputDialog.getText({
    title: `A link to ${name}`,
    label: [
      copied ? `It is copied: ${length} characters.` : `Copy it from here: ${length} characters.`,
      link.length > OFTEN_CUT
        ? "Some programs cut links of that length: try it where you send it."
        : "",
      "It holds the notebook without outputs, as it is now; whoever opens it sees its code first.",
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
    text: link,
    okLabel: "Done",
  });
}

/** Downloads the reader's work, with what is open as it is now. */
async function downloadWork(
  { Dialog, showDialog }: LabPackages,
  save: () => Promise<unknown>,
): Promise<void> {
  let words = "You have changed no notebook, and no cell has written a file.";
  try {
    await save();
    if (await new KeptWork(siteOf(location.href)).download()) {
      return;
    }
  } catch (error) {
    words = (error as Error).message;
  }
  const buttons = [Dialog.okButton({ label: "Close" })];
  await showDialog({ title: "Nothing was downloaded", body: words, buttons });
}
