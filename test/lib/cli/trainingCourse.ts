import fs from "node:fs";
import type { Checkpoint } from "../../../lib/checkpoints/checkpoint";
import { loadCheckpoint } from "../../../lib/checkpoints/checkpointFiles";

/** What must be equal of two trainings that are one: all but the time they took. */
export function course(file: string): unknown {
  const timeless = (checkpoint: Checkpoint) => ({
    ...checkpoint,
    history: checkpoint.history.map(({ seconds, ...row }) => row),
  });
  const { seconds, opt, ...history } = JSON.parse(
    fs.readFileSync(file.replace(".safetensors", ".json"), "utf8"),
  );
  return { checkpoint: timeless(loadCheckpoint(file)), history };
}
