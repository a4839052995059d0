import fs from "node:fs";
import { z } from "zod";
import { writeAtomically } from "../host/node/writeAtomically";
import type { HistoryRow } from "../training/history";
import { CommandError } from "./commandError";

const optionValue = z.union([z.string(), z.number(), z.boolean()]);

const historySchema = z.object({
  opt: z.record(z.string(), optionValue),
  i: z.int().nonnegative(),
  epoch: z.int().positive(),
  seconds: z.number().nonnegative(),
  train_loss_history: z.array(z.number()),
  val_loss_history: z.array(z.number()),
  val_loss_history_it: z.array(z.int().nonnegative()),
  test_loss: z.number().optional(),
});

/** Options by torch-rnn's names, as they stand in the history. */
export type StoredOptions = z.output<typeof historySchema>["opt"];

/** What stands in the JSON file beside a checkpoint, under torch-rnn's names where it has any. */
export type StoredHistory = z.output<typeof historySchema>;

/** The losses of a training. */
export class LossHistory {
  private constructor(private readonly stored: StoredHistory) {}

  static begin(): LossHistory {
    return new LossHistory({
      ...{ opt: {}, i: 0, epoch: 1, seconds: 0 },
      ...{ train_loss_history: [], val_loss_history: [], val_loss_history_it: [] },
    });
  }

  /**
   * The history in a file; undefined where there is none.
   *
   * @throws CommandError for a file that is no history
   */
  static read(file: string): LossHistory | undefined {
    let text: string;
    try {
      text = fs.readFileSync(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new CommandError(`The history ${file} can't be read: ${(error as Error).message}.`);
    }
    try {
      return new LossHistory(historySchema.parse(JSON.parse(text)));
    } catch (error) {
      throw new CommandError(
        `${file} lies beside the checkpoint, but is not its history: ${(error as Error).message.replace(/\s+/g, " ")} Move it away, and the training goes on with a new history.`,
      );
    }
  }

  get options(): StoredOptions {
    return this.stored.opt;
  }

  /** Steps done. */
  get steps(): number {
    return this.stored.i;
  }

  get trainLosses(): readonly number[] {
    return this.stored.train_loss_history;
  }

  /** Notes a step. */
  add({ step, epoch, loss, seconds }: HistoryRow): void {
    Object.assign(this.stored, { i: step, epoch, seconds });
    this.stored.train_loss_history.push(loss);
  }

  addValidation(step: number, loss: number): void {
    this.stored.val_loss_history.push(loss);
    this.stored.val_loss_history_it.push(step);
  }

  /** The validation loss after a step, where it was measured. */
  validation(step: number): number | undefined {
    return this.stored.val_loss_history[this.stored.val_loss_history_it.indexOf(step)];
  }

  /** Noted last of all: a training that has it was brought to its end. */
  get testLoss(): number | undefined {
    return this.stored.test_loss;
  }

  /** The step whose validation loss was lowest. */
  best(): { step: number; loss: number } | undefined {
    const losses = this.stored.val_loss_history;
    const place = losses.indexOf(Math.min(...losses));
    if (place < 0) return undefined;
    return { step: this.stored.val_loss_history_it[place]!, loss: losses[place]! };
  }

  write(file: string, options: StoredOptions, testLoss?: number): void {
    this.stored.opt = options;
    if (testLoss === undefined) delete this.stored.test_loss;
    else this.stored.test_loss = testLoss;
    writeAtomically(file, `${JSON.stringify(this.stored)}\n`);
  }
}
