import { listCheckpoints } from "../checkpoints/checkpointFiles";
import { PRETRAINED, pretrainedFile } from "../models/pretrained";
import { checkpointAt, checkpointNamed } from "./checkpointSeries";

/** Where train puts checkpoints unless it is told otherwise. */
export const DEFAULT_FOLDER = "cv";

/** What the option --checkpoint says of itself. */
export const CHECKPOINT_HELP =
  "a checkpoint file; a folder, for its latest; or one of the networks that come with this: " +
  `${PRETRAINED.join(", ")} (default: the latest in ${DEFAULT_FOLDER}, else ${PRETRAINED[0]})`;

/**
 * The file that --checkpoint means; without it one that is told on stderr.
 *
 * @param doing what becomes of it, at the beginning of a sentence: "Sampling from"
 * @throws CommandError for what is no checkpoint
 */
export function chosenCheckpoint(place: string | undefined, doing: string): string {
  if (place !== undefined) return checkpointNamed(place);
  if (listCheckpoints(DEFAULT_FOLDER).length > 0) {
    const latest = checkpointAt(DEFAULT_FOLDER);
    console.error(`${doing} ${latest}, the latest checkpoint; --checkpoint names another.`);
    return latest;
  }
  console.error(
    `${doing} ${PRETRAINED[0]}, a network that comes with this; --checkpoint names another.`,
  );
  return pretrainedFile(PRETRAINED[0]!);
}
