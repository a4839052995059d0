/** KARENINA_FIREFOX names one that is not on the PATH. */
export function findFirefox(env?: NodeJS.ProcessEnv): string | null;
