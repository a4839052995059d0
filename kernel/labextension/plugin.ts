// What JupyterLab and Notebook load of the kernel: a mark on cells whose inputs have changed.
import { STALE_CELLS } from "../channel";
import type { JupyterFrontEnd, Kernel, Notebook, NotebookPanel, NotebookTracker } from "./lab";

/** What the kernel sends: the stale cells by the notebook's ids, each with the names to blame. */
interface StaleMessage {
  cells: Record<string, string[]>;
}

/** @param token what JupyterLab knows its list of open notebooks by */
export function staleCellsPlugin(token: unknown) {
  return {
    id: "karenina-kernel:stale-cells",
    description: "Marks the cells whose inputs have changed since they ran.",
    autoStart: true,
    requires: [token],
    activate(_app: JupyterFrontEnd, notebooks: NotebookTracker): void {
      document.head.append(styleSheet());
      notebooks.forEach(watch);
      notebooks.widgetAdded.connect((_, panel) => watch(panel));
    },
  };
}

/** Marks a notebook's cells for as long as it is open. */
function watch({ content: notebook, sessionContext }: NotebookPanel): void {
  let stale: StaleMessage["cells"] = {};
  /** The kernel that has been asked to tell, since it started last. */
  let asked: Kernel | undefined;
  const show = (cells: StaleMessage["cells"]) => {
    stale = cells;
    mark(notebook, stale);
  };
  const ask = async () => {
    const kernel = sessionContext.session?.kernel ?? undefined;
    if (!kernel || kernel === asked) {
      return;
    }
    asked = kernel;
    const { implementation } = await kernel.info;
    if (implementation === "karenina-kernel" && kernel === asked && !kernel.isDisposed) {
      const comm = kernel.createComm(STALE_CELLS);
      comm.onMsg = ({ content }) => show((content.data as StaleMessage).cells);
      comm.open();
    }
  };
  sessionContext.kernelChanged.connect(() => {
    show({});
    void ask();
  });
  sessionContext.statusChanged.connect((_, status) => {
    if (status === "restarting" || status === "autorestarting" || status === "dead") {
      asked = undefined;
      show({});
    } else if (status === "idle") {
      void ask();
    }
  });
  // A cell that is moved, or pasted again, is another element.
  notebook.modelContentChanged.connect(() => mark(notebook, stale));
  void ask();
}

function mark(notebook: Notebook, stale: StaleMessage["cells"]): void {
  for (const { model, node } of notebook.widgets) {
    const names = stale[model.id];
    if (names) {
      node.setAttribute("data-karenina-stale", "");
      node.setAttribute("title", `Run again: ${names.join(", ")} changed since this cell ran.`);
    } else if (node.hasAttribute("data-karenina-stale")) {
      node.removeAttribute("data-karenina-stale");
      node.removeAttribute("title");
    }
  }
}

declare const document: {
  head: { append(element: unknown): void };
  createElement(name: "style"): { textContent: string };
};

/** A dashed line at the prompt and a word below it: to be seen without colours, too. */
function styleSheet(): unknown {
  const style = document.createElement("style");
  style.textContent = `
    [data-karenina-stale] .jp-InputPrompt { border-right: 2px dashed var(--jp-warn-color0, #b54708); }
    [data-karenina-stale] .jp-InputPrompt::after {
      content: "stale";
      display: block;
      font-size: 10px;
      line-height: 12px;
      color: var(--jp-warn-color0, #b54708);
    }`;
  return style;
}
