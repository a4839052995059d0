import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { preferredCacheFolder } from "../../lib/host/node/cacheFolder.cjs";
import type { Limits } from "./apart";
import type { Grade } from "./gradeSubmission";
import type { MarkerSettings, SentGrade, ToMarker } from "./marker";
import { makePackages } from "./packages";
import { usageOf } from "./sandbox";
import type { Submission } from "./submissions";

const ROOT = resolve(__dirname, "../..");

export interface GradingOptions {
  limits: Limits;
  /** Later than this is late. */
  due?: Date | undefined;
  /** How many submissions at once. */
  jobs: number;
  /** Is there a sandbox? */
  enclosed: boolean;
  /** Is called with each grade, as they come. */
  onGrade?: (grade: Grade) => void;
}

/** Grades submissions, in markers that stay: the compiler is slow for the first one only. */
export async function gradeAll(
  submissions: readonly Submission[],
  { jobs, due, onGrade = () => {}, ...rest }: GradingOptions,
): Promise<Grade[]> {
  const folder = mkdtempSync(join(tmpdir(), "karenina-packages-"));
  try {
    const { answers, ...packages } = makePackages(folder, rest.limits.memory);
    const settings: MarkerSettings = {
      ...rest,
      due: due?.toISOString(),
      packages: { ...packages, answers: [...answers] },
      readable: [process.env.KARENINA_DATA, preferredCacheFolder()].flatMap((each) =>
        each && existsSync(each) ? [resolve(each)] : [],
      ),
    };
    const waiting = [...submissions.entries()];
    const grades: Grade[] = [];
    const work = async () => {
      let marker: Marker | undefined;
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, submission] = next;
        marker ??= await Marker.start(settings);
        const grade = { submission, ...(await marker.grade(submission)) };
        if (marker.hasEnded) {
          marker = undefined;
        }
        grades[index] = grade;
        onGrade(grade);
      }
      await marker?.close();
    };
    await Promise.all(Array.from({ length: Math.min(jobs, submissions.length) }, work));
    return grades;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A process that grades, and that is ended where a submission takes the compiler too long. */
class Marker {
  private constructor(
    private readonly child: ChildProcess,
    private readonly settings: MarkerSettings,
  ) {}

  static async start(settings: MarkerSettings): Promise<Marker> {
    const child = fork(join(__dirname, "marker.ts"), {
      cwd: ROOT,
      // What the compiler makes is mostly thrown away at once: a small space for it costs a third more.
      execArgv: ["--max-semi-space-size=64", "-r", "./lib/host/node/preload.cjs", "-r", "tsx/cjs"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const marker = new Marker(child, settings);
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-5000);
    });
    if ((await marker.ask({ type: "begin", settings })) !== "ready") {
      throw new Error(`A process that grades could not be started: ${said}`);
    }
    return marker;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async grade(submission: Submission): Promise<SentGrade> {
    const begun = performance.now();
    const { time } = submission;
    const message = {
      type: "grade",
      submission: { ...submission, time: time.toISOString() },
    } as const;
    const answer = await this.ask(message, this.settings.limits.notebook + 60);
    if (answer !== undefined && answer !== "ready") {
      return answer;
    }
    const { due } = this.settings;
    return {
      status: "time limit",
      reason: "its types or its answers take longer to check than there is time",
      late: due !== undefined && time > new Date(due),
      remarks: [],
      outcomes: {},
      seconds: (performance.now() - begun) / 1000,
      work: this.settings.limits.notebook + 60,
    };
  }

  async close(): Promise<void> {
    if (!this.hasEnded) {
      this.child.kill("SIGKILL");
      await once(this.child, "exit");
    }
  }

  /**
   * @param seconds of processor time within which an answer has to come; six times as long by the clock
   * @returns undefined where the process has ended without one
   */
  private async ask(
    message: ToMarker,
    seconds = Infinity,
  ): Promise<SentGrade | "ready" | undefined> {
    const { child } = this;
    const ended = new AbortController();
    const before = usageOf(child.pid ?? 0).seconds;
    const begun = performance.now();
    const watching = setInterval(() => {
      const used = usageOf(child.pid ?? 0).seconds - before;
      if (used > seconds || performance.now() - begun > 6000 * seconds) {
        child.kill("SIGKILL");
      }
    }, 1000);
    const { signal } = ended;
    const answered = once(child, "message", { signal }).then(([answer]) => answer);
    const gone = once(child, "exit", { signal }).then(() => undefined);
    try {
      child.send(message);
      return await Promise.race([answered, gone]);
    } finally {
      clearInterval(watching);
      ended.abort();
      await Promise.allSettled([answered, gone]);
    }
  }
}
