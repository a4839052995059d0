import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ProcessStat, processStat } from "../../kernel/processStat";

const ROOT = resolve(__dirname, "../..");

/** Megabytes of the memory disk that a submission may write to. */
const DISK = 200;

/** What any program needs of a Linux system. */
const SYSTEM = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib64",
  "/etc/ld.so.cache",
  "/dev/null",
  "/dev/zero",
  "/dev/random",
  "/dev/urandom",
];

export interface SandboxOptions {
  /** An empty folder, which becomes the root of what the command sees. */
  root: string;
  /** What it sees besides the system and the project's packages; it can write to none of it. */
  places: readonly string[];
  /** Bytes of data that each of its processes may have. */
  memory: number;
}

/** A command line that runs a command apart from everything else. */
export function sandboxed(
  command: readonly string[],
  { root, places, memory }: SandboxOptions,
): string[] {
  const node = realpathSync(process.execPath);
  const own = node.startsWith("/usr/") ? [] : [node];
  const seen = [...SYSTEM, ...own, join(ROOT, "node_modules"), ...places].filter(existsSync);
  return [
    "unshare",
    "--map-root-user",
    // Whoever is ended in the middle of its work takes along what it has started. Becoming another user
    // undoes that, so it comes second.
    "setpriv",
    "--pdeathsig",
    "KILL",
    "unshare",
    "--mount",
    "--net",
    "--pid",
    "--ipc",
    "--uts",
    "--fork",
    "--kill-child",
    "sh",
    join(__dirname, "sandbox.sh"),
    // As the system calls it, when it lists what is mounted.
    realpathSync(root),
    String(DISK),
    String(Math.ceil(memory / 1024)),
    ...new Set(seen),
    "--",
    ...command,
  ];
}

/** Why submissions cannot be run apart on this machine; undefined where they can. */
export function whyNoSandbox(): string | undefined {
  if (process.platform !== "linux") {
    return "only Linux has the namespaces that it takes";
  }
  const [shown] = SYSTEM.filter((place) => `${realpathSync(ROOT)}/`.startsWith(`${place}/`));
  if (shown !== undefined) {
    return `the course lies in ${shown}, which submissions see, and with it its answers`;
  }
  const root = mkdtempSync(join(tmpdir(), "karenina-sandbox-"));
  try {
    const options = { root, places: [], memory: 2 ** 32 };
    const [program, ...args] = sandboxed([realpathSync(process.execPath), "--version"], options);
    const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
    const [said] = (stderr ?? "").trim().split("\n");
    return status === 0 ? undefined : (error?.message ?? (said || `it ended with ${status}`));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What a process and all that it has started use. */
export interface Usage {
  /** Bytes of memory, as Linux counts what is resident. */
  bytes: number;
  /** Seconds of processor time, with that of children which have ended. */
  seconds: number;
  processes: number;
}

/** Bytes of a page of memory, on the processors that TensorFlow is made for. */
export const PAGE = 4096;

/** Where the system does not say what processes use, nothing does. */
export function usageOf(pid: number): Usage {
  const all = new Map<number, ProcessStat>();
  for (const name of existsSync("/proc/self/stat") ? readdirSync("/proc") : []) {
    const stat = /^\d+$/.test(name) ? processStat(`/proc/${name}/stat`) : undefined;
    if (stat) {
      all.set(Number(name), stat);
    }
  }
  const belongs = (id: number): boolean => {
    const { parent = 0 } = all.get(id) ?? {};
    return id === pid || (parent > 1 && belongs(parent));
  };
  const own = [...all].filter(([id]) => belongs(id)).map(([, each]) => each);
  return {
    bytes: own.reduce((sum, { pages }) => sum + pages * PAGE, 0),
    seconds: own.reduce((sum, { ticks, childTicks }) => sum + (ticks + childTicks) / 100, 0),
    processes: own.length,
  };
}
