import type { Usage } from "../../../bench/usage";
import type { Barrier } from "./isolation";

/** What one student's lesson took; times in seconds. */
export interface StudentRow {
  student: string;
  /** From the hub's order to the server's being ready. */
  serverSeconds: number;
  /** From opening the notebook to the kernel's first answer. */
  kernelSeconds: number;
  /** From the first cell's start to the last one's end. */
  lessonSeconds: number;
  peak: Usage;
}

export interface ClassroomReport {
  machine: { cores: number; processor: string; memoryGb: number; loadBefore: number };
  kernel: string;
  notebook: string;
  rows: StudentRow[];
  /** The most that all students' processes took together, in bytes. */
  together: { pss: number; own: number };
  /** Of hub and proxy, in bytes. */
  hubPss: number;
  /** From the first server's order to the last lesson's end. */
  totalSeconds: number;
  barriers: Barrier[];
  sizing: Sizing;
}

/** What a class needs, computed from a trial: n students take `shared + n * own`. */
export interface Sizing {
  /** Bytes that there are once, however many students: hub, proxy, and pages that all share. */
  shared: number;
  /** Bytes of each student alone: the mean of the students' peaks. */
  own: number;
  /** Processor time of one lesson, in seconds. */
  cpuSeconds: number;
}

const MB = 1e6;
const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** Splits what was measured into what each student takes and what all share. */
export function sizingOf({
  rows,
  together,
  hubPss,
}: Pick<ClassroomReport, "rows" | "together" | "hubPss">): Sizing {
  return {
    shared: together.pss - together.own + hubPss,
    own: mean(rows.map(({ peak }) => peak.own)),
    cpuSeconds: mean(rows.map(({ peak }) => peak.cpuSeconds)),
  };
}

/** Memory in bytes of a class whose students are all at their peak. */
export const memoryFor = ({ shared, own }: Sizing, students: number): number =>
  shared + students * own;

/** The report as Markdown. */
export function markdown(report: ClassroomReport): string {
  const { machine, rows, together, hubPss, totalSeconds, barriers, sizing } = report;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const megabytes = (value: number) => `${Math.round(value / MB)} MB`;
  return [
    `${rows.length} students, ${report.notebook} on ${report.kernel}, at the same time; ` +
      `${machine.cores} cores of ${machine.processor}, ${machine.memoryGb.toFixed(0)} GB; ` +
      `load before: ${machine.loadBefore.toFixed(1)}`,
    "",
    "| student | server | kernel | lesson | peak memory (PSS) | of it its own | processor time |",
    "| ------- | ------ | ------ | ------ | ----------------- | ------------- | -------------- |",
    ...rows.map(
      ({ student, serverSeconds, kernelSeconds, lessonSeconds, peak }) =>
        `| ${student} | ${seconds(serverSeconds)} | ${seconds(kernelSeconds)} | ${seconds(lessonSeconds)} ` +
        `| ${megabytes(peak.pss)} | ${megabytes(peak.own)} | ${seconds(peak.cpuSeconds)} |`,
    ),
    "",
    `All students at their peak: ${megabytes(together.pss)}, hub and proxy ${megabytes(hubPss)}. ` +
      `From the first server to the last lesson's end: ${seconds(totalSeconds)}.`,
    "",
    "| students | memory |",
    "| -------- | ------ |",
    ...[8, 20, 40].map((n) => `| ${n} | ${(memoryFor(sizing, n) / 1e9).toFixed(1)} GB |`),
    "",
    ...barriers.map(
      ({ attempt, holds, seen }) => `- ${holds ? "refused" : "NOT REFUSED"}: ${attempt} (${seen})`,
    ),
  ].join("\n");
}
