import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { processStat } from "../../kernel/processStat";
import { preferredCacheFolder } from "../../lib/host/node/cacheFolder.cjs";
import { type Limits, MOST_PROCESSES } from "./apart";
import { type Grade, MOST_RUNS } from "./gradeSubmission";
import type { MarkerSettings, SentGrade, ToMarker } from "./marker";
import { makePackages } from "./packages";
import { PAGE, usageOf } from "./sandbox";
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
  /** Seconds of processor time that the last submission took of this process. */
  private spent = 0;

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
    const { due, limits } = this.settings;
    const answer = await this.ask(
      { type: "grade", submission: { ...submission, time: time.toISOString() } },
      { limits, work: limits.notebook + 60 },
    );
    if (typeof answer === "object") {
      return answer;
    }
    const [status, reason] = lostBy[answer ?? "died"] ?? lostBy.died;
    const seconds = (performance.now() - begun) / 1000;
    return {
      status,
      reason,
      late: due !== undefined && time > new Date(due),
      remarks: [],
      outcomes: {},
      seconds,
      work: this.spent,
    };
  }

  async close(): Promise<void> {
    if (!this.hasEnded) {
      this.child.kill("SIGKILL");
      await once(this.child, "exit");
    }
  }

  /**
   * @param bounds within which an answer has to come: `work` is this process's own, in seconds of processor
   *   time. What runs the cells has its limits elsewhere, but nobody looks while this process compiles.
   * @returns why there is none where the process has ended, or had to be ended
   */
  private async ask(
    message: ToMarker,
    bounds?: { limits: Limits; work: number },
  ): Promise<SentGrade | "ready" | Ended> {
    const { child } = this;
    const ended = new AbortController();
    const before = ownSeconds(child);
    const begun = performance.now();
    let why: Ended = "died";
    let timesTooLarge = 0;
    const end = (reason: Ended) => {
      why = reason;
      child.kill("SIGKILL");
    };
    const watch = ({ limits, work }: NonNullable<typeof bounds>) => {
      this.spent = ownSeconds(child) - before;
      const most = MOST_RUNS * limits.notebook + work;
      if (this.spent > work || performance.now() - begun > 6000 * most) {
        end("time limit");
      }
      // Twice: as a rule its own watch is the first to see it.
      timesTooLarge = isTooLarge(child, limits) ? timesTooLarge + 1 : 0;
      if (timesTooLarge > 1) {
        end("memory limit");
      }
    };
    const watching = setInterval(() => bounds && watch(bounds), 1000);
    const { signal } = ended;
    const answered = once(child, "message", { signal }).then(([answer]) => answer);
    const gone = once(child, "exit", { signal }).then(() => why);
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

/** Why a process that grades has ended before it gave an answer. */
type Ended = "time limit" | "memory limit" | "died";

/** What is said of its submission then. */
const lostBy: Record<string, [Ended, string]> = {
  "time limit": ["time limit", "its types or its answers take longer to check than there is time"],
  "memory limit": ["memory limit", "what it has started took more memory than it may have"],
  died: ["died", "grading it ended in an error of the grader's, or took all of its memory"],
};

/** Seconds of processor time of a process alone. */
function ownSeconds({ pid }: ChildProcess): number {
  return (processStat(`/proc/${pid}/stat`)?.ticks ?? 0) / 100;
}

/** Do the processes that run a submission's cells take more than they may? */
function isTooLarge({ pid = 0 }: ChildProcess, { memory }: Limits): boolean {
  const { bytes, processes } = usageOf(pid);
  const own = (processStat(`/proc/${pid}/stat`)?.pages ?? 0) * PAGE;
  return bytes - own > memory || processes > MOST_PROCESSES + 5;
}
