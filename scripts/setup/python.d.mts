import type { Outcome } from "./run.mjs";

/** The first Python on the PATH that is new enough. */
export function findPython(project: {
  env: NodeJS.ProcessEnv;
  root?: string;
}): Promise<{ python: string; version: string } | { python: null; reason: string }>;

/** The environment for Python children: nothing that bends the module search path gets through. */
export function pythonEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;

/** Why pip failed, in one line. */
export function pipComplaint(result: Outcome): string;
