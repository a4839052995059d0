// The part of JupyterLab 4's interface that the extension uses; its packages weigh a hundred times more.

/** https://jupyterlab.readthedocs.io/en/stable/api/interfaces/rendermime_interfaces.ISignal.html */
interface Signal<Sender, Argument> {
  connect(heard: (sender: Sender, argument: Argument) => void): void;
}

/** https://jupyterlab.readthedocs.io/en/stable/api/interfaces/services.Kernel.IComm.html */
interface Comm {
  open(): unknown;
  onMsg: (message: { content: { data: unknown } }) => void;
}

/** https://jupyterlab.readthedocs.io/en/stable/api/interfaces/services.Kernel.IKernelConnection.html */
export interface Kernel {
  readonly info: Promise<{ implementation: string }>;
  readonly isDisposed: boolean;
  createComm(target: string): Comm;
}

/** https://jupyterlab.readthedocs.io/en/stable/api/interfaces/apputils.ISessionContext.html */
interface SessionContext {
  readonly session: { kernel: Kernel | null } | null;
  readonly kernelChanged: Signal<unknown, unknown>;
  readonly statusChanged: Signal<unknown, string>;
}

/** https://jupyterlab.readthedocs.io/en/stable/api/classes/notebook.Notebook-1.html */
export interface Notebook {
  readonly widgets: readonly {
    model: { id: string };
    node: {
      setAttribute(name: string, value: string): void;
      removeAttribute(name: string): void;
      hasAttribute(name: string): boolean;
    };
  }[];
  readonly modelContentChanged: Signal<unknown, unknown>;
}

/** https://jupyterlab.readthedocs.io/en/stable/api/classes/notebook.NotebookPanel-1.html */
export interface NotebookPanel {
  readonly content: Notebook;
  readonly sessionContext: SessionContext;
}

/** https://jupyterlab.readthedocs.io/en/stable/api/interfaces/notebook.INotebookTracker-1.html */
export interface NotebookTracker {
  forEach(visit: (panel: NotebookPanel) => void): void;
  readonly widgetAdded: Signal<unknown, NotebookPanel>;
}

/** The application, of which the extension wants nothing. */
export type JupyterFrontEnd = unknown;

/** What JupyterLab shares with extensions: each package's versions, with what gives its exports. */
export type SharedPackages = Record<
  string,
  Record<string, { get(): Promise<() => Record<string, unknown>> }>
>;
