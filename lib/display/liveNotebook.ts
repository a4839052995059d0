import { escape as escapeHtml } from "html-escaper";
import { display } from "./display";
import type { LiveView } from "./live";
import type { LiveState } from "./liveState";
import { figureHtml, figurePicture, figureText } from "./show";

let count = 0;

/**
 * One output that is replaced as things go on. While it runs the plot is drawn by the browser only; at
 * the end a picture is put in, for the notebook as it is stored.
 */
export class NotebookView implements LiveView {
  // Unlike in any other process: a page may show outputs of a kernel that has ended.
  private readonly id = `karenina-live-${process.pid}-${Date.now().toString(36)}-${count++}`;
  private shown = false;

  constructor(readonly everyMs: number) {}

  draw(state: LiveState): void {
    this.show(state, false);
  }

  finish(state: LiveState): void {
    this.show(state, true);
  }

  sample(): void {
    // Shown with the next drawing.
  }

  private show(state: LiveState, withPicture: boolean): void {
    const figure = state.figure();
    const picture = figure && withPicture ? figurePicture(figure) : undefined;
    const html = [
      figure
        ? figureHtml(figure, { keepAs: this.id, picture })
        : `<b>${escapeHtml(state.title)}</b>`,
      bar(state),
      `<div>${escapeHtml(state.line())}</div>`,
      state.sample && `<pre style="white-space: pre-wrap">${escapeHtml(state.sample)}</pre>`,
    ];
    const text = [
      `${state.title}: ${state.line()}`,
      figure && withPicture ? figureText(figure) : "",
      state.sample,
    ];
    display(
      {
        "text/html": `<div>${html.join("")}</div>`,
        "text/plain": text.filter((part) => part !== "").join("\n"),
      },
      { id: this.id, update: this.shown },
    );
    this.shown = true;
  }
}

function bar({ done, total, finished, title }: LiveState): string {
  if (total === undefined || (finished && done >= total)) return "";
  const label = escapeHtml(title);
  return `<progress value="${done}" max="${total}" aria-label="${label}" style="width: 100%"></progress>`;
}
