// Progress outlives the kernel: the browser keeps the file in which cells find it, for all kernels and pages of
// the site.
import type { Lite } from "../../../kernel/lite/worker/siteModules";
import { addStandings, parseProgress, progressText } from "../../../lessons/exercises/standings";
import { KeptText } from "./keptText";
import { PROGRESS_FILE } from "./progressFile";

/** From the site's first page to the kernel's folder. */
const DOWN = "extensions/karenina-jupyterlite/static/kernel/";

export class KeptProgress {
  private readonly kept: KeptText;
  private readonly files: Map<string, Uint8Array>;
  private isRead = false;

  constructor({ base, files }: Lite) {
    this.files = files;
    // What else may have kept it does not hear what the first page blanks.
    files.delete(PROGRESS_FILE);
    const up = DOWN.replace(/[^/]+\//g, "../");
    this.kept = new KeptText(new URL(up, base).pathname, "progress.json", (text) => this.lay(text));
    this.kept.read().then(
      (text) => this.begin(text),
      // Then it lasts as long as the kernel.
      () => {},
    );
  }

  /** Has the browser keep a file that a cell has written, where it is that of progress. */
  written(path: string): void {
    if (path === PROGRESS_FILE && this.isRead) {
      this.kept.put(this.own() ?? "").catch(() => {});
    }
  }

  /** What was kept has come; a cell may have been right before. */
  private begin(text: string | undefined): void {
    this.isRead = true;
    const own = this.own();
    if (own === undefined) {
      if (text !== undefined) {
        this.lay(text);
      }
      return;
    }
    const standings = parseProgress(own);
    const kept = text === undefined ? {} : parseProgress(text);
    for (const [name, standing] of Object.entries(standings)) {
      // The kernel has counted from nothing.
      standing.attempts += kept[name]?.attempts ?? 0;
    }
    addStandings(standings, kept);
    this.lay(progressText(standings));
    this.written(PROGRESS_FILE);
  }

  private own(): string | undefined {
    const bytes = this.files.get(PROGRESS_FILE);
    return bytes && new TextDecoder().decode(bytes);
  }

  private lay(text: string): void {
    this.files.set(PROGRESS_FILE, new TextEncoder().encode(text));
  }
}
