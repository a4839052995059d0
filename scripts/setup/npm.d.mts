/** The npm that started us, or the one on the PATH: a command and its first arguments. */
export function npmCommand(env: NodeJS.ProcessEnv): string[];
