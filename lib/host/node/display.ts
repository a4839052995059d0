import { MultiBar, type Options, Presets, type SingleBar } from "cli-progress";
import type { Display, DisplayOptions, DisplayTarget, MimeBundle, ProgressBar } from "../host";

/** What tslab 1.0 offers to cells. */
interface Tslab {
  display: TslabOutput;
  newDisplay(): TslabOutput;
}

/** One output; its second `raw` replaces what the first one showed. */
interface TslabOutput {
  raw(type: string, content: unknown): void;
}

/**
 * How many replacements are sent in one turn of the event loop. tslab's socket fails for good after
 * 512 messages in a turn, and cells print too.
 */
const replacementsPerTurn = 250;

/** The stock tslab kernel, if it runs this process. */
export function tslabTarget(): DisplayTarget | undefined {
  // The require that tslab gives to its cells finds the running kernel's own module; a plain require
  // could find another copy, which is connected to nothing.
  const running = (globalThis as { __tslab__?: { require(id: "tslab"): Tslab } }).__tslab__;
  if (!running) {
    return undefined;
  }
  const tslab = running.require("tslab");
  if (target?.tslab !== tslab) {
    target = new TslabTarget(tslab);
  }
  return target;
}

let target: TslabTarget | undefined;

class TslabTarget implements DisplayTarget {
  readonly kind = "notebook";
  private readonly outputs = new Map<string, TslabOutput>();
  private sentInTurn = 0;
  /** Replacements that wait for the next turn, the newest of each output. */
  private readonly waiting = new Map<string, MimeBundle>();

  constructor(readonly tslab: Tslab) {}

  show(bundle: MimeBundle, { id, update }: DisplayOptions): void {
    const known = update && id !== undefined ? this.outputs.get(id) : undefined;
    if (known) {
      this.replace(id as string, known, bundle);
      return;
    }
    const output = id === undefined ? this.tslab.display : this.tslab.newDisplay();
    if (id !== undefined) {
      this.outputs.set(id, output);
    }
    send(output, bundle);
  }

  private replace(id: string, output: TslabOutput, bundle: MimeBundle): void {
    if (this.sentInTurn === 0) {
      setImmediate(() => this.startTurn());
    }
    this.sentInTurn += 1;
    if (this.sentInTurn > replacementsPerTurn) {
      this.waiting.set(id, bundle);
    } else {
      send(output, bundle);
    }
  }

  private startTurn(): void {
    this.sentInTurn = 0;
    const late = [...this.waiting];
    this.waiting.clear();
    for (const [id, bundle] of late) {
      this.replace(id, this.outputs.get(id)!, bundle);
    }
  }
}

/** tslab takes one form a display; HTML is the one that every front end shows. */
function send(output: TslabOutput, bundle: MimeBundle): void {
  const type = "text/html" in bundle ? "text/html" : Object.keys(bundle)[0];
  if (type !== undefined) {
    output.raw(type, bundle[type]);
  }
}

/** Stock tslab's cell where it runs this process, else the terminal. */
export const nodeDisplay: Display = {
  target: () => tslabTarget() ?? terminalTarget,

  progressBar(title) {
    // A build server's terminal is read as a log.
    if (!process.stderr.isTTY || process.env.CI) {
      return undefined;
    }
    return new TerminalBar(title, process.stderr);
  },
};

/** Standard output: the text form of everything. */
const terminalTarget: DisplayTarget = {
  kind: "terminal",
  show: (bundle) => {
    const text = bundle["text/plain"] ?? `(no text form: ${Object.keys(bundle).join(", ")})`;
    process.stdout.write(`${String(text).replace(/\n$/, "")}\n`);
  },
};

/** A bar that is drawn at its first update. */
export class TerminalBar implements ProgressBar {
  private readonly bars: MultiBar;
  private bar: SingleBar | undefined;

  constructor(
    private readonly title: string,
    stream: NodeJS.WritableStream,
    options: Options = {},
  ) {
    this.bars = new MultiBar(
      {
        format: `${title && "{title} "}{bar} {percentage}% · {text}`,
        barsize: 24,
        hideCursor: true,
        stopOnComplete: true,
        stream,
        ...options,
      },
      Presets.shades_classic,
    );
  }

  update(done: number, total: number, text: string): void {
    this.bar ??= this.bars.create(total, done, { title: this.title, text: "" });
    this.bar.setTotal(total);
    this.bar.update(done, { title: this.title, text });
  }

  log(text: string): void {
    this.bars.log(`${text}\n`);
  }

  stop(): void {
    this.bars.stop();
  }
}
