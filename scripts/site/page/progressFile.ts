/** The file that cells find their progress in. The browser keeps it, as it keeps all files of cells. */
export const PROGRESS_FILE = "/kept/progress.json";
