import { type ChildProcess, spawn } from "node:child_process";
import os from "node:os";
import readline from "node:readline";
import type { Turn } from "./contestant";

/** How to start a contestant; what it speaks is in contestant.ts. */
export interface Contestant {
  engine: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

/** What a contestant did in all its turns. */
export interface Performance {
  engine: string;
  /** The median of each turn's steps. */
  turns: number[];
  loss: number | null;
  peakBytes: number;
  /** Processor time a step beside its duration: how many cores it kept busy. */
  cores: number;
  /** The same of everybody else on the machine while it ran: what disturbed it. */
  foreignCores: number;
}

interface Running {
  contestant: Contestant;
  child: ChildProcess;
  answers: AsyncIterator<string>;
  errors: () => string;
}

/**
 * Lets contestants run in turns, one at a time, in an order that changes from round to round: whatever
 * slows the machine down for a while, slows all of them. Every contestant is a process of its own.
 *
 * @throws Error with the contestant's last words if one fails
 */
export async function contest(
  contestants: Contestant[],
  options: { rounds: number; steps: number; cwd: string },
): Promise<Performance[]> {
  const running: Running[] = [];
  try {
    for (const contestant of contestants) {
      running.push(await start(contestant, options.cwd));
    }
    const turns = running.map((): (Turn & { foreign: number })[] => []);
    for (let round = 0; round < options.rounds; round++) {
      for (let i = 0; i < running.length; i++) {
        const which = (round + i) % running.length;
        turns[which].push(await turn(running[which], options.steps));
      }
    }
    return running.map(({ contestant }, i) => summary(contestant.engine, turns[i]));
  } finally {
    for (const { child } of running) {
      child.kill();
    }
  }
}

async function start(contestant: Contestant, cwd: string): Promise<Running> {
  const child = spawn(contestant.command, contestant.args, {
    cwd,
    env: { ...process.env, ...contestant.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors = (errors + text).slice(-2000);
  });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  failed.catch(() => {});
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const running = { contestant, child, answers: lines, errors: () => errors };
  await Promise.race([answer(running), failed]);
  return running;
}

/** The next line that is an answer; libraries may print others. */
async function answer({ contestant, answers, errors }: Running): Promise<Turn> {
  for (;;) {
    const { value, done } = await answers.next();
    if (done) {
      throw new Error(`${contestant.engine} ended early. Its last words:\n${errors()}`);
    }
    if (value.startsWith("{")) {
      return JSON.parse(value);
    }
  }
}

async function turn(running: Running, steps: number): Promise<Turn & { foreign: number }> {
  const [busyBefore, started] = [busySeconds(), performance.now()];
  running.child.stdin?.write(`run ${steps}\n`);
  const result = await answer(running);
  const seconds = (performance.now() - started) / 1000;
  const foreign = Math.max(0, busySeconds() - busyBefore - result.cpuSeconds) / seconds;
  return { ...result, foreign };
}

/** Processor time that the whole machine has spent working. */
function busySeconds(): number {
  return os
    .cpus()
    .reduce((sum, { times }) => sum + (times.user + times.sys + times.nice) / 1000, 0);
}

function summary(engine: string, turns: (Turn & { foreign: number })[]): Performance {
  const last = turns[turns.length - 1];
  const steps = turns.flatMap((each) => each.seconds);
  const seconds = steps.reduce((sum, each) => sum + each, 0);
  return {
    engine,
    turns: turns.map((each) => median(each.seconds)),
    loss: last.loss,
    peakBytes: last.peakBytes,
    cores: turns.reduce((sum, each) => sum + each.cpuSeconds, 0) / seconds,
    foreignCores: median(turns.map((each) => each.foreign)),
  };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle - 0.5)] + sorted[Math.floor(middle)]) / 2;
}
