// Started by index.ts, with the options as JSON: the trial itself. Its report is its standard output.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { usageOf } from "../../../bench/usage";
import { codeCells } from "../../../runner/codeCells";
import type { Notebook } from "../../../runner/notebookFile";
import { Hub } from "./hub";
import { tryBarriers } from "./isolation";
import { Observer } from "./memory";
import { type ClassroomReport, type StudentRow, sizingOf } from "./report";
import { StudentKernel } from "./studentKernel";
import { addUsers, removeUsers, type UnixUser } from "./unixUsers";

export interface TrialOptions {
  /** How many students there are at the same time. */
  students: number;
  /** The Python environment with jupyterhub and the proxy. */
  hub: string;
  /** The kernel that runs the notebook. */
  kernel: string;
  /** The notebook's path from a student's folder. */
  notebook: string;
}

const COURSE = resolve(__dirname, "../../..");

const secondsSince = (start: number) => (performance.now() - start) / 1000;

/** Starts a student's server; the seconds until it is ready. */
async function startServer(hub: Hub, { name }: UnixUser): Promise<number> {
  const start = performance.now();
  await hub.get("POST", `/hub/api/users/${name}/server`);
  // A stream of events that ends when the server is ready or has failed; asking again and again
  // would keep the hub busy.
  const progress = await hub.ask("GET", `/hub/api/users/${name}/server/progress`);
  if (!/"ready": *true/.test(await progress.text())) {
    throw new Error(`The server of ${name} did not start:\n${hub.log.slice(-5000)}`);
  }
  return secondsSince(start);
}

/** Runs a student's copy of the notebook, cell by cell; the seconds that it took. */
async function runLesson(hub: Hub, { name }: UnixUser, kernel: StudentKernel, path: string) {
  const { content } = await hub.get<{ content: Notebook }>(
    "GET",
    `/user/${name}/api/contents/${path}?content=1`,
  );
  const start = performance.now();
  for (const { code, number, skip, errorExpected } of codeCells(content)) {
    if (skip) {
      continue;
    }
    const { error } = await kernel.execute(code);
    if ((error !== undefined) !== errorExpected) {
      throw new Error(`${name}, ${path}, cell ${number}: ${error ?? "no error"}`);
    }
  }
  return secondsSince(start);
}

/** The processes of the hub and its proxy. */
function hubProcesses(hub: Hub): string[] {
  const rows = execFileSync("ps", ["-o", "pid=,ppid=,user=", "-ax"], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/));
  const own = rows.filter(([, parent, user]) => Number(parent) === hub.pid && user === "root");
  return [String(hub.pid), ...own.map(([pid]) => pid)];
}

async function attend(hub: Hub, users: UnixUser[], options: TrialOptions) {
  for (const { name } of users) {
    await hub.get("POST", `/hub/api/users/${name}`);
  }
  const observer = new Observer(users.map(({ uid }) => uid));
  const start = performance.now();
  const kernels: StudentKernel[] = [];
  try {
    const times = await Promise.all(
      users.map(async (user, place) => {
        const serverSeconds = await startServer(hub, user);
        console.error(`${user.name}: server ready after ${serverSeconds.toFixed(1)} s`);
        const opening = performance.now();
        const kernel = await StudentKernel.open(hub, user.name, options.notebook, options.kernel);
        const kernelSeconds = secondsSince(opening);
        kernels[place] = kernel;
        const lessonSeconds = await runLesson(hub, user, kernel, options.notebook);
        console.error(`${user.name}: lesson done after ${lessonSeconds.toFixed(1)} s`);
        return { student: user.name, serverSeconds, kernelSeconds, lessonSeconds };
      }),
    );
    const totalSeconds = secondsSince(start);
    observer.stop();
    const rows = times.map(
      (row, place): StudentRow => ({
        ...row,
        peak: observer.peaks.get(users[place].uid)!,
      }),
    );
    const { notebook } = options;
    const [student, other] = [users[0], users[1]];
    const barriers = await tryBarriers({
      hub,
      student,
      kernel: kernels[0],
      other,
      course: COURSE,
      notebook,
    });
    const hubPss = usageOf(hubProcesses(hub)).pss;
    return { rows, together: observer.together, hubPss, totalSeconds, barriers };
  } finally {
    observer.stop();
    for (const kernel of kernels) {
      kernel?.close();
    }
  }
}

async function stopServers(hub: Hub, users: UnixUser[]): Promise<void> {
  await Promise.all(users.map(({ name }) => hub.ask("DELETE", `/hub/api/users/${name}/server`)));
  for (const { name } of users) {
    for (;;) {
      const answer = await hub.ask("GET", `/hub/api/users/${name}`);
      const { servers } = (await answer.json()) as { servers?: Record<string, unknown> };
      if (Object.keys(servers ?? {}).length === 0) {
        break;
      }
      await pause(200);
    }
  }
}

async function trial(options: TrialOptions): Promise<ClassroomReport> {
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryGb: totalmem() / 1e9,
    loadBefore: loadavg()[0],
  };
  const users = await addUsers(options.students);
  try {
    const hub = await Hub.start({
      environment: options.hub,
      config: resolve(COURSE, "classroom", "jupyterhub_config.py"),
      studentEnvironment: { KARENINA_MODE: "fast" },
    });
    try {
      const found = await attend(hub, users, options);
      const { kernel, notebook } = options;
      return { machine, kernel, notebook, ...found, sizing: sizingOf(found) };
    } finally {
      await stopServers(hub, users);
      await hub.stop();
    }
  } finally {
    const left = await removeUsers(users);
    if (left > 0) {
      console.error(`${left} processes outlived their servers, and were ended.`);
    }
  }
}

trial(JSON.parse(process.argv[2]) as TrialOptions).then(
  (report) => process.stdout.write(`${JSON.stringify(report)}\n`),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
