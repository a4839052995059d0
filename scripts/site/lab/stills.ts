// Still pictures of the figures in a notebook. The kernel, in a worker, can draw none: its figures say in
// words what a picture would show. What is saved gets pictures that the page draws; the outputs in the page
// stay as they are, live.
import { lacksPicture, withPicture } from "../../../lib/display/figureHtml";
import type { Figure } from "../../../lib/figures/figure";

const PLOTLY = "application/vnd.plotly.v1+json";
const HTML = "text/html";

/** A notebook as its file has it, as far as it is looked at. */
export interface Notebook {
  cells?: { outputs?: Output[] }[];
}

interface Output {
  data?: { [PLOTLY]?: Figure; [HTML]?: string | string[] };
}

/** Gives the picture of a figure as a data URL; undefined for one of which there is none. */
export type DrawPicture = (figure: Figure) => Promise<string | undefined>;

/** The pictures of one notebook's figures. */
export class Stills {
  /** By the figures' HTML; undefined for those of which there is none. */
  private pictures = new Map<string, string | undefined>();
  private last: Promise<void> = Promise.resolve();

  /**
   * Draws what is missing, one figure after the other, and lets go of what the notebook no longer has. A
   * figure that cannot be drawn is not tried again.
   *
   * @param failed is given what `drawPicture` threw
   */
  draw(
    notebook: Notebook,
    drawPicture: DrawPicture,
    failed: (error: unknown) => void,
  ): Promise<void> {
    // Behind one that is under way, so that no figure is drawn twice.
    this.last = this.last.then(async () => {
      const pictures = new Map<string, string | undefined>();
      for (const output of notebook.cells?.flatMap(({ outputs }) => outputs ?? []) ?? []) {
        const { html, figure } = unpictured(output) ?? {};
        if (html === undefined || !figure || pictures.has(html)) {
          continue;
        }
        if (this.pictures.has(html)) {
          pictures.set(html, this.pictures.get(html));
          continue;
        }
        const picture = drawPicture(figure).catch((error: unknown) => {
          failed(error);
          return undefined;
        });
        pictures.set(html, await picture);
      }
      this.pictures = pictures;
    });
    return this.last;
  }

  /** The notebook with all that has been drawn; what it shares with the one that was given stays as it is. */
  into<Given extends Notebook>(notebook: Given): Given {
    const cells = notebook.cells?.map((cell) =>
      cell.outputs ? { ...cell, outputs: cell.outputs.map((each) => this.pictured(each)) } : cell,
    );
    return cells ? { ...notebook, cells } : notebook;
  }

  private pictured(output: Output): Output {
    const { html } = unpictured(output) ?? {};
    const picture = html === undefined ? undefined : this.pictures.get(html);
    if (html === undefined || picture === undefined) {
      return output;
    }
    return { ...output, data: { ...output.data, [HTML]: withPicture(html, picture) ?? html } };
  }
}

/** A figure without a picture; undefined for any other output. */
function unpictured({ data }: Output): { html: string; figure: Figure } | undefined {
  const figure = data?.[PLOTLY];
  const html = [data?.[HTML] ?? ""].flat().join("");
  return figure && lacksPicture(html) ? { html, figure } : undefined;
}
