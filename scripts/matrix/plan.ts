// The cells of the matrix: which runs there are, and what each result depends on.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import type { Data } from "./data";
import type { Engine } from "./engines";

/** A lesson that is to be run. */
export interface Lesson {
  /** Absolute. */
  path: string;
  /** As it stands in the table. */
  name: string;
  text: string;
  /** Which data it is run with. */
  data: readonly Data[];
}

/** One run: a cell of the matrix. */
export interface Run {
  lesson: Lesson;
  engine: Engine;
  data: Data;
  /** KARENINA_SEED, or null for the lesson's own seeds. */
  seed: number | null;
  /** Changes with everything that the result depends on. */
  key: string;
}

/**
 * All runs, a seed at a time, so that what was done when the matrix is stopped says something of every
 * lesson and engine.
 *
 * @param sources see {@link sourcesKey}
 */
export function planRuns(options: {
  lessons: readonly Lesson[];
  engines: readonly Engine[];
  seeds: number;
  sources: string;
}): Run[] {
  const { lessons, engines, sources } = options;
  const runs: Run[] = [];
  for (let seed = 1; seed <= options.seeds; seed++) {
    for (const lesson of lessons) {
      for (const engine of engines) {
        for (const data of lesson.data.filter((one) => !engine.inPage || one !== "stand-ins")) {
          const what = { text: lesson.text, engine, data, seed: seed === 1 ? null : seed, sources };
          runs.push({ ...what, lesson, key: hashOf(JSON.stringify(what)) });
        }
      }
    }
  }
  return runs;
}

/** Where a run's result is kept: one file a cell of the matrix, which a changed run replaces. */
export function resultFile(folder: string, { lesson, engine, data, seed }: Run): string {
  const place = hashOf(lesson.path).slice(0, 8);
  const name = `${basename(lesson.name, ".ipynb")}-${place}`;
  return join(folder, "runs", name, `${engine.name}-${data}-${seed ?? "own"}.json`);
}

/**
 * A key of what all runs depend on: the library, the kernel, the registry of data sets, the versions
 * of packages and of Node.js, and the processor.
 *
 * @param root the project
 */
export function sourcesKey(root: string): string {
  const hash = createHash("sha256");
  const files = ["lib", "kernel"].flatMap((folder) => sourceFiles(join(root, folder)));
  for (const file of [
    ...files,
    join(root, "datasets", "registry.json"),
    join(root, "package-lock.json"),
  ]) {
    const content = readFileSync(file);
    hash.update(`${file.slice(root.length)} ${content.length}\n`).update(content);
  }
  return hash.update(`${process.version} ${cpus()[0]?.model}`).digest("hex");
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return ["node_modules", "dist"].includes(entry.name) ? [] : sourceFiles(path);
      }
      return /\.(ts|cts|mts|cjs|mjs|json)$/.test(entry.name) ? [path] : [];
    });
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
