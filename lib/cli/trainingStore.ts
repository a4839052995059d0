import fs from "node:fs";
import { z } from "zod";
import type { Checkpoint, CheckpointStore } from "../checkpoints/checkpoint";
import { saveCheckpoint } from "../checkpoints/checkpointFiles";
import { host } from "../host/host";
import type { HistoryRow } from "../training/callbacks/callback";
import { CommandError } from "./exit";

/** A checkpoint to begin with. */
export interface Beginning {
  file: string;
  checkpoint: Checkpoint;
  /** Rows of its batches. */
  batchSize: number;
  history: StoredHistory | undefined;
}

const historySchema = z.object({
  opt: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  i: z.int().nonnegative(),
  epoch: z.int().positive(),
  seconds: z.number().nonnegative(),
  train_loss_history: z.array(z.number()),
  val_loss_history: z.array(z.number()),
  val_loss_history_it: z.array(z.int().nonnegative()),
  /** Written last of all: a training that has it was brought to its end. */
  test_loss: z.number().optional(),
});

/** What stands in the JSON file beside a checkpoint, under torch-rnn's names where it has any. */
export type StoredHistory = z.output<typeof historySchema>;

/** Options by torch-rnn's names, as they stand in the history. */
export type StoredOptions = StoredHistory["opt"];

/** The file of the losses until a checkpoint. */
export function historyBeside(file: string): string {
  return file.replace(/\.safetensors$/, ".json");
}

/**
 * The history beside a checkpoint; undefined where there is none.
 *
 * @throws CommandError for a file that is no history
 */
export function readHistory(checkpoint: string): StoredHistory | undefined {
  const file = historyBeside(checkpoint);
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw new CommandError(`The history ${file} can't be read: ${(error as Error).message}.`);
  }
  try {
    return historySchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CommandError(
      `${file} lies beside the checkpoint, but is not its history: ${(error as Error).message.replace(/\s+/g, " ")} Move it away, and the training goes on with a new history.`,
    );
  }
}

/** A training's checkpoints, `<name>_<step>.safetensors`, each with its history beside it. */
export class TrainingStore implements CheckpointStore {
  /** Steps made. */
  steps: number;
  /** The last checkpoint. */
  last: { file: string; step: number } | undefined;

  /**
   * @param opt what the history says of the training's options
   * @param begun the checkpoint that the training goes on from. Earlier versions kept in a checkpoint only
   *   the rows with a validation: its history has the others
   * @param onSaved called with the file of each step that is saved
   */
  constructor(
    private readonly name: string,
    private readonly opt: StoredOptions,
    private readonly begun: Beginning | undefined,
    private readonly onSaved: (file: string) => void,
  ) {
    this.steps = begun?.checkpoint.position.step ?? 0;
    this.last = begun && { file: begun.file, step: this.steps };
  }

  file(step: number): string {
    return `${this.name}_${step}.safetensors`;
  }

  /**
   * @param testLoss where the training was brought to its end
   * @throws Error where the file can't be written
   */
  writeHistory(rows: readonly HistoryRow[], testLoss?: number): StoredHistory {
    const earlier = this.begun?.history;
    const losses = [...(earlier?.train_loss_history ?? [])];
    const validations = new Map(
      earlier?.val_loss_history_it.map((step, i) => [step, earlier.val_loss_history[i]]),
    );
    for (const { step, loss, validationLoss } of rows) {
      losses[step - 1] = loss;
      if (validationLoss !== undefined) {
        validations.set(step, validationLoss);
      }
    }
    const { step: i, epoch, seconds } = rows.at(-1)!;
    const history: StoredHistory = {
      opt: this.opt,
      i,
      epoch,
      seconds,
      // Steps of which nothing is known are left out.
      train_loss_history: Object.values(losses),
      val_loss_history: [...validations.values()],
      val_loss_history_it: [...validations.keys()],
      ...(testLoss !== undefined && { test_loss: testLoss }),
    };
    host.store.write(historyBeside(this.file(i)), `${JSON.stringify(history)}\n`);
    return history;
  }

  /** @throws Error where a file can't be written */
  save(_name: string, checkpoint: Checkpoint): void {
    const { step } = checkpoint.position;
    const file = this.file(step);
    this.writeHistory(checkpoint.history);
    try {
      saveCheckpoint(file, checkpoint);
    } catch (error) {
      // No history stands beside nothing.
      if (!fs.existsSync(file)) {
        fs.rmSync(historyBeside(file), { force: true });
      }
      throw error;
    }
    if (this.last?.step !== step) {
      this.onSaved(file);
    }
    this.last = { file, step };
  }
}
