import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** A cell that was run: its execution count and its code. */
export interface Line {
  line: number;
  input: string;
}

/** How many sessions are kept. */
const KEPT = 500;

/**
 * Sessions in a folder, each a file of its own: kernels that run at the same time never write to the
 * same one. Whatever goes wrong with the files, the kernel goes on without them.
 */
export class KeptSessions {
  /** This session's number, from 1, once it has a line. */
  number: number | undefined;
  private failed = false;

  constructor(private readonly folder: string) {}

  add(line: Line): void {
    if (this.failed) {
      return;
    }
    try {
      this.number ??= this.begin();
      appendFileSync(this.file(this.number), `${JSON.stringify(line)}\n`);
    } catch {
      this.failed = true;
    }
  }

  /** The numbers of the sessions before this one, in their order. */
  earlier(): number[] {
    const { number = Number.POSITIVE_INFINITY } = this;
    return this.all().filter((other) => other < number);
  }

  /** The lines of a session; none where there is no such session. */
  read(session: number): Line[] {
    let text: string;
    try {
      text = readFileSync(this.file(session), "utf8");
    } catch {
      return [];
    }
    return text.split("\n").flatMap(lineIn);
  }

  /** Takes the next number. Nobody else can read what is written: it may hold secrets. */
  private begin(): number {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (;;) {
      const all = this.all();
      const number = (all.at(-1) ?? 0) + 1;
      try {
        writeFileSync(this.file(number), "", { flag: "wx", mode: 0o600 });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") {
          continue;
        }
        throw error;
      }
      for (const old of all.slice(0, Math.max(0, all.length + 1 - KEPT))) {
        rmSync(this.file(old), { force: true });
      }
      return number;
    }
  }

  private all(): number[] {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch {
      return [];
    }
    return names
      .flatMap((name) => /^(\d+)\.jsonl$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  private file(session: number): string {
    return join(this.folder, `${session}.jsonl`);
  }
}

/** A line of a file; nothing where a kernel was killed while it wrote it. */
function lineIn(text: string): Line[] {
  try {
    const { line, input } = JSON.parse(text) as Partial<Line>;
    return typeof line === "number" && typeof input === "string" ? [{ line, input }] : [];
  } catch {
    return [];
  }
}
