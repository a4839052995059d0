import childProcess, { type ChildProcess } from "node:child_process";
import type { StartedCommand } from "../session/host";

/** How long a command has to end by itself once it is asked to, in milliseconds. */
const GRACE = 2000;

/** The system's own, which no cell that is stopped takes along. */
const { setTimeout } = globalThis;

const WINDOWS = process.platform === "win32";

/**
 * Has the shell run a command in the working directory. It reads nothing; what it writes goes where
 * this process's own output goes. It has a process group of its own, so that it can be ended with
 * all that it has started.
 */
export function startCommand(command: string): StartedCommand {
  const child = childProcess.spawn(command, {
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
    // Whoever would write to a terminal in colours does so here, for people read it.
    env: { ...process.env, ...(process.env.FORCE_COLOR && { FORCE_COLOR: "1" }) },
    detached: !WINDOWS,
    windowsHide: true,
  });
  const kill = () => signalGroup(child, "SIGKILL");
  const forget = () => void process.off("exit", kill);
  process.once("exit", kill);
  const ended = new Promise<Awaited<StartedCommand["ended"]>>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve({ code: code ?? undefined, signal: signal ?? undefined }),
    );
  });
  let stopping = false;
  const over = () => stopping || forget();
  ended.then(over, over);
  return {
    ended,
    stop() {
      stopping = true;
      signalGroup(child, "SIGTERM");
      // The shell may be gone at once, and what it has started not.
      setTimeout(() => {
        kill();
        forget();
      }, GRACE).unref();
    },
  };
}

/** Sends a signal to a command and all that it has started, as far as they have not ended. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) {
    return;
  }
  if (WINDOWS) {
    childProcess.spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"], { windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}
