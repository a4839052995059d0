// The reader's progress, which the site's kernels keep as a file among those of their cells.
import { CellFiles } from "../kept/cellFiles";
import { PROGRESS_FILE } from "../page/progressFile";

export class KeptProgress {
  private readonly files: CellFiles;

  /**
   * @param site the address of the first page
   * @param onChange is called with what a kernel or another page has put
   */
  constructor(site: string, onChange: (text: string) => void) {
    this.files = new CellFiles(site, (changes) => {
      for (const [file, content] of changes) {
        if (file === PROGRESS_FILE && content) {
          onChange(new TextDecoder().decode(content));
        }
      }
    });
  }

  /** @throws Error where this browser keeps nothing, as in some private windows */
  async read(): Promise<string | undefined> {
    const content = await this.files.read(PROGRESS_FILE);
    return content && new TextDecoder().decode(content);
  }

  /** @throws Error where this browser keeps nothing */
  async put(text: string): Promise<void> {
    await this.files.put([[PROGRESS_FILE, new TextEncoder().encode(text)]]);
  }
}
