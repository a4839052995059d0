// A reader's work, out of the browser into one file and back.
import { CellFiles } from "../kept/cellFiles";
import { Drive } from "../kept/drive";
import { type Plan, planOf } from "./plan";
import { entriesOf, type Work } from "./work";
import { type ZipEntry, zip } from "./zip";

export class KeptWork {
  private readonly drive: Drive;
  private readonly files: CellFiles;

  /** @param site the address of the first page */
  constructor(site: string) {
    this.drive = new Drive(site);
    this.files = new CellFiles(site);
  }

  private async read(): Promise<Work> {
    const [drive, files] = await Promise.all([this.drive.all(), this.files.all()]);
    return { drive, files };
  }

  /**
   * Hands all of it over as a download.
   * @returns the file's name, and how many files are in it; undefined where there is nothing yet
   * @throws Error where this browser keeps nothing
   */
  async download(): Promise<{ name: string; count: number } | undefined> {
    const entries = entriesOf(await this.read());
    if (entries.length === 0) {
      return undefined;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await zip(entries));
    link.download = `karenina-work-${new Date().toISOString().slice(0, 10)}.zip`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return { name: link.download, count: entries.length };
  }

  /** What bringing files back would do now. @throws Error where this browser keeps nothing */
  async plan(entries: readonly ZipEntry[]): Promise<Plan> {
    const [work, own] = await Promise.all([this.read(), this.drive.ownPaths()]);
    return planOf(entries, work, own);
  }

  /** Does it. @throws Error where this browser keeps nothing, or has no space */
  async carryOut({ drive, files }: Plan): Promise<void> {
    for (const file of drive) {
      await this.drive.add(() => file, [file.path]);
    }
    if (files.length > 0) {
      await this.files.put(files);
    }
  }
}
