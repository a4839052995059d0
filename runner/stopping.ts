/** Exit code of a run that was stopped, by the shells' convention for Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = 130;

/**
 * The first signal stops the run in good order, a later one at once. One Ctrl-C may arrive several
 * times, from the terminal and from npm and the launcher that pass it on: within half a second it
 * counts as one.
 */
export function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  let firstAt = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) {
        firstAt = Date.now();
        process.stderr.write(`\n${signal}: stopping the kernels; again to end at once.\n`);
        stopping.abort();
      } else if (Date.now() - firstAt > 500) {
        process.exit(INTERRUPTED);
      }
    });
  }
  return stopping.signal;
}
