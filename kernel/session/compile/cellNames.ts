import { SESSION_MODULE } from "./workspace";

/** What users call the cells that the compiler knows by their numbers. */
export class CellNames {
  private readonly names = new Map<number, string>();

  /** @param name as in `cell-12.ts` */
  set(number: number, name: string): void {
    this.names.set(number, name.replace(/\.ts$/, ""));
  }

  /**
   * A text of the compiler's in which types of cells are named as users know them: `Account (cell-5)`
   * in place of `import("…/__cell_4__").Account`.
   */
  inText(text: string): string {
    const name = (number: string) => this.names.get(Number(number)) ?? "an earlier cell";
    const plain = text
      .replace(
        /import\("[^"]*__cell_(\d+)__"\)\.((?:[\w$]+\.)*[\w$]+)/g,
        (_, number, type) => `${type} (${name(number)})`,
      )
      .replace(/import\("[^"]*__cell_(\d+)__"\)/g, (_, number) => name(number))
      .replace(/"?(?:[^\s"']*\/)?__cell_(\d+)__(?:\.ts)?"?/g, (_, number) => name(number))
      .replace(/"cell:(\d+)"/g, (_, number) => name(number))
      .replace(/\b__(?:cell|session)_([\w$]+)/g, "$1");
    return plain.includes(SESSION_MODULE)
      ? plain.replaceAll(`"${SESSION_MODULE}"`, "an earlier cell").replace(/([\w$])\$\d+\b/g, "$1")
      : plain;
  }
}
