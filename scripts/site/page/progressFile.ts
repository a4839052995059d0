/** The file that cells find their progress in. The browser keeps it: see keptProgress.ts. */
export const PROGRESS_FILE = "/kept/progress.json";
