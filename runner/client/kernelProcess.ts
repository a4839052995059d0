import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { processStat } from "../../kernel/processStat";
import { KernelError } from "./errors";

const STDERR_KEPT = 8192;

export interface KernelProcessOptions {
  argv: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Removed along with the process when this process dies without a chance to clean up. */
  connectionFolder: string;
}

/** The processes that are still to be ended when this one exits. */
const running = new Set<KernelProcess>();
process.on("exit", () => {
  for (const kernel of running) {
    kernel.signal("SIGKILL");
  }
});

/**
 * A kernel's process, leader of a process group of its own: signals go to the whole group, and the
 * terminal's Ctrl-C reaches the kernel only through us.
 *
 * A shell that waits on a pipe guards the group: if this process vanishes, even by SIGKILL, the
 * pipe closes and the shell kills the group. Kernels that watch JPY_PARENT_PID end by themselves;
 * not all do.
 */
export class KernelProcess {
  /** Settles when the process has ended. Never rejects. */
  readonly exited: Promise<void>;
  /** Settles when all has been read that was written to its standard output and error. */
  readonly silenced: Promise<void>;
  /** How the process ended, in words, once it has; undefined before. */
  ending: string | undefined;
  private readonly child: ChildProcess;
  private guard: ChildProcess | undefined;
  private stderr = "";

  constructor({ argv, cwd, env, connectionFolder }: KernelProcessOptions) {
    if (!existsSync(cwd) || !statSync(cwd).isDirectory()) {
      throw new KernelError("start", `The kernel's working directory ${cwd} is not a folder.`);
    }
    this.child = spawn(argv[0], argv.slice(1), {
      cwd,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.exited = new Promise((resolve) => {
      const end = (ending: string) => {
        this.ending ??= ending;
        resolve();
      };
      this.child.once("error", (error) => end(`it could not be run: ${error.message}`));
      this.child.once("exit", (code, signal) =>
        end(signal ? `it was ended by ${signal}` : `it exited with code ${code}`),
      );
    });
    this.silenced = new Promise((resolve) => this.child.once("close", () => resolve()));
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
      });
    }
    running.add(this);
    this.startGuard(connectionFolder);
  }

  /** The process id, undefined where the program could not be run. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The last of what the process itself wrote (not its cells: those go through the sockets). */
  get lastWords(): string {
    return this.stderr.trim();
  }

  /** Sends a signal to the process and all its descendants that stayed in its group. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid === undefined) {
      return;
    }
    try {
      if (process.platform === "win32") {
        this.child.kill(signal);
      } else {
        process.kill(-this.pid, signal);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }

  /** Kills whatever is left of the group, waits for the end, and dismisses the guard. */
  async end(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
    this.guard?.stdin?.end("dismissed\n");
    this.guard = undefined;
    running.delete(this);
  }

  /**
   * Processor time that the group's processes have used so far, in clock ticks; undefined where
   * the system does not tell (it has no /proc).
   */
  processorTicks(): number | undefined {
    try {
      let ticks = 0;
      for (const entry of readdirSync("/proc")) {
        // One may have ended since it was listed.
        const stat = /^\d+$/.test(entry) ? processStat(`/proc/${entry}/stat`) : undefined;
        if (stat?.group === this.pid) {
          ticks += stat!.ticks;
        }
      }
      return ticks;
    } catch {
      return undefined;
    }
  }

  private startGuard(connectionFolder: string): void {
    if (process.platform === "win32" || this.pid === undefined) {
      return;
    }
    const script = 'read -r _ || { kill -s KILL -- "-$1"; rm -rf -- "$2"; }';
    this.guard = spawn(
      "/bin/sh",
      ["-c", script, "kernel-guard", String(this.pid), connectionFolder],
      { detached: true, cwd: "/", stdio: ["pipe", "ignore", "ignore"] },
    );
    // Without a guard the kernel still works; only the protection from our own SIGKILL is lost.
    this.guard.on("error", () => {});
    this.guard.stdin?.on("error", () => {});
    this.guard.unref();
    (this.guard.stdin as unknown as { unref(): void } | null)?.unref();
  }
}
