// Has notebooks that JupyterLab saves hold still pictures of their figures.
import type { Figure } from "../../../lib/figures/figure";
import { drawPicture, plotlyOfPage } from "./drawPicture";
import { type Notebook, Stills } from "./stills";

/** https://jupyterlab.readthedocs.io/en/stable/api/classes/docregistry.Context.html */
interface Context {
  readonly path: string;
  readonly model: { toJSON(): unknown };
  readonly disposed: { connect(listener: () => void): void };
  save(): Promise<void>;
}

interface Application {
  serviceManager: {
    contents: { save(path: string, options?: FileOptions): Promise<unknown> };
  };
  docRegistry: {
    addWidgetExtension(
      widget: string,
      extension: { createNew(panel: unknown, context: Context): undefined },
    ): void;
  };
}

interface FileOptions {
  type?: string;
  content?: unknown;
}

/**
 * Figures are drawn before JupyterLab asks the notebook what is to be saved: once it has asked, it takes
 * all for saved, also what is written while it waits. The pictures are put in when it saves.
 */
export function stillsPlugin() {
  return {
    id: "karenina-site:stills",
    description: "Stores still pictures of figures in notebooks.",
    autoStart: true,
    activate({ serviceManager: { contents }, docRegistry }: Application): void {
      const open = new Map<Context, Stills>();
      docRegistry.addWidgetExtension("Notebook", {
        createNew(_panel, context) {
          if (open.has(context)) {
            return; // A second view of it.
          }
          const stills = new Stills();
          open.set(context, stills);
          context.disposed.connect(() => open.delete(context));
          const save = context.save.bind(context);
          context.save = async () => {
            await drawFor(stills, context).catch(report);
            await save();
          };
        },
      });
      const save = contents.save.bind(contents);
      contents.save = (path, options) => {
        const stills = [...open].find(([context]) => context.path === path)?.[1];
        return save(
          path,
          stills && options?.type === "notebook"
            ? { ...options, content: stills.into(options.content as Notebook) }
            : options,
        );
      };
    },
  };
}

async function drawFor(stills: Stills, { model }: Context): Promise<void> {
  const plotly = await plotlyOfPage();
  if (plotly) {
    const draw = (figure: Figure) => drawPicture(plotly, figure);
    await stills.draw(model.toJSON() as Notebook, draw, report);
  }
}

/** The notebook is saved without the picture then. */
function report(error: unknown): void {
  console.warn("No still picture of a figure could be drawn.", error);
}
