export interface Outcome {
  /** Whether the command ran and exited 0. */
  ok: boolean;
  /** Its exit status; null when it was not found or was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Why it is not ok, in one line; empty when it is. */
  failure: string;
}

/** Runs a command to its end; a command that is missing, fails or hangs is an outcome. */
export function run(
  command: string,
  args: string[],
  options?: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    limitSeconds?: number;
    show?: "none" | "progress" | "all";
  },
): Promise<Outcome>;
