import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findKernelSpec, type Kernel, OutputArea, startKernel } from "../../../runner/client";

const ROOT = resolve(__dirname, "../../..");

/** Longer than any of these cells takes on a busy machine: it ends tests that hang. */
const LIMIT_MS = 120_000;

/** What a cell came to. */
export interface Outcome {
  status: string;
  stdout: string;
  stderr: string;
  /** The text of its value. */
  result: string | undefined;
  ename: string;
  evalue: string;
  traceback: string;
}

/** A real kernel in a folder of its own, and what a test wants to know of its cells. */
export class Cells {
  private constructor(
    readonly kernel: Kernel,
    readonly folder: string,
  ) {}

  static async start(): Promise<Cells> {
    const folder = mkdtempSync(join(tmpdir(), "nasty-"));
    const kernel = await startKernel({
      spec: findKernelSpec("karenina", { root: ROOT }),
      cwd: folder,
    });
    return new Cells(kernel, folder);
  }

  /** Runs a cell to its end. An error in it is an outcome; a dead kernel is not. */
  run(code: string): Promise<Outcome> {
    return this.begin(code).finished;
  }

  /** Runs a cell that must succeed. */
  async ok(code: string): Promise<Outcome> {
    const outcome = await this.run(code);
    assert.equal(outcome.status, "ok", outcome.traceback);
    return outcome;
  }

  /** Runs a cell that must fail. */
  async error(code: string): Promise<Outcome> {
    const outcome = await this.run(code);
    assert.equal(outcome.status, "error", `${outcome.stdout}${outcome.result ?? ""}`);
    return outcome;
  }

  /** Starts a cell; what it has come to so far can be looked at while it runs, and afterwards. */
  begin(code: string): { finished: Promise<Outcome>; soFar: () => Outcome } {
    const area = new OutputArea(this.kernel.displays);
    const soFar = (status = "running") => outcomeOf(status, area);
    const finished = this.kernel
      .execute(code, { area, timeoutMs: LIMIT_MS })
      .then(({ status }) => soFar(status));
    return { finished, soFar };
  }

  /** Runs a cell that prints `started`, stops it then, and gives what it came to. */
  async stop(code: string): Promise<Outcome> {
    const cell = this.begin(code);
    let over = false;
    void cell.finished.finally(() => {
      over = true;
    });
    await eventually(() => over || cell.soFar().stdout.includes("started"));
    assert.ok(!over, `it was over before it could be stopped: ${cell.soFar().traceback}`);
    await this.kernel.interrupt();
    return cell.finished;
  }

  /** The kernel still does its work, with its state. */
  async assertAlive(): Promise<void> {
    assert.equal((await this.ok("treasure + 1")).result, "42");
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  async end(): Promise<void> {
    await this.kernel.shutdown();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves when a condition of which no event tells has come true. */
export async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!condition()) {
    assert.ok(Date.now() < deadline, "it never came");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function outcomeOf(status: string, area: OutputArea): Outcome {
  const outcome: Outcome = {
    status,
    stdout: "",
    stderr: "",
    result: undefined,
    ename: "",
    evalue: "",
    traceback: "",
  };
  for (const output of area.outputs) {
    if (output.output_type === "stream") {
      outcome[output.name === "stderr" ? "stderr" : "stdout"] += output.text;
    } else if (output.output_type === "execute_result") {
      outcome.result = String(output.data["text/plain"]);
    } else if (output.output_type === "error") {
      outcome.ename = output.ename;
      outcome.evalue = output.evalue;
      outcome.traceback += output.traceback.join("\n");
    }
  }
  return outcome;
}
