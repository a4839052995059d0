/**
 * Calls `gone` when the process that started this one has ended without shutting the kernel down.
 * Jupyter says who that is in JPY_PARENT_PID.
 */
export function watchParent(gone: () => void): void {
  const parent = Number(process.env.JPY_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 1 || process.ppid !== parent) {
    return;
  }
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      gone();
    }
  }, 1000);
}
