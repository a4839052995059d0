import { readdirSync, statSync } from "node:fs";
import { type Usage, usageOf } from "../../../bench/usage";

/** The processes of each user, by user id. */
export function processesByUser(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const uid = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
    if (uid !== undefined) {
      found.set(uid, [...(found.get(uid) ?? []), pid]);
    }
  }
  return found;
}

/** Peaks of what users' processes take, looked at once a second. */
export class Observer {
  /** By user id: the most that each took at any time. */
  readonly peaks = new Map<number, Usage>();
  /** What all took when they took most. */
  together: Usage = usageOf([]);
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly users: readonly number[]) {
    this.timer = setInterval(() => this.look(), 1000);
  }

  /** Ends the observation with a last look. */
  stop(): void {
    clearInterval(this.timer);
    this.look();
  }

  private look(): void {
    const processes = processesByUser();
    const together = usageOf([]);
    for (const uid of this.users) {
      const usage = usageOf(processes.get(uid) ?? []);
      const peak = this.peaks.get(uid) ?? usage;
      for (const key of Object.keys(usage) as (keyof Usage)[]) {
        peak[key] = Math.max(peak[key], usage[key]);
        together[key] += usage[key];
      }
      this.peaks.set(uid, { ...peak });
    }
    if (together.pss > this.together.pss) {
      this.together = together;
    }
  }
}
