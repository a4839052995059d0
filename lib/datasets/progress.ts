import { Presets, SingleBar } from "cli-progress";

/** How far a download is; nothing is drawn where standard error is not a terminal. */
export interface Progress {
  onProgress: (bytes: number) => void;
  stop: () => void;
}

/** Starts a progress bar in megabytes. */
export function startProgress(label: string, totalBytes: number): Progress {
  if (!process.stderr.isTTY) return { onProgress: () => {}, stop: () => {} };
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const bar = new SingleBar(
    {
      format: `${label} {bar} {percentage} % of ${megabytes(totalBytes)} MB, {eta_formatted} left`,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(totalBytes, 0);
  return { onProgress: (bytes) => bar.update(bytes), stop: () => bar.stop() };
}
