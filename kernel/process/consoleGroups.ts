/**
 * Counts the groups of the console that are open, so that those which a cell opened and, since it
 * failed, never closed do not indent what later cells print.
 */
export class ConsoleGroups {
  private depth = 0;

  /** How many groups are open. */
  get open(): number {
    return this.depth;
  }

  /** Has the global console counted. */
  install(): void {
    const { group, groupEnd } = console;
    const opening = (...label: unknown[]) => {
      this.depth++;
      group.apply(console, label);
    };
    console.group = opening;
    console.groupCollapsed = opening;
    console.groupEnd = () => {
      this.depth = Math.max(0, this.depth - 1);
      groupEnd.call(console);
    };
  }

  /** Closes groups until no more than `depth` are open. */
  closeTo(depth: number): void {
    while (this.depth > depth) {
      console.groupEnd();
    }
  }
}
