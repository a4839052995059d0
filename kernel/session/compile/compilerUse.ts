let depth = 0;

/** Does something with the compiler, which is not made to be entered again while it works. */
export function usingCompiler<T>(work: () => T): T {
  depth++;
  try {
    return work();
  } finally {
    depth--;
  }
}

/** Is the compiler at work? Whoever interrupts this thread, as a debugger does, has to ask. */
export function isCompilerInUse(): boolean {
  return depth > 0;
}
