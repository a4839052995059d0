import type { CheckpointStore, HistoryRow } from "../../checkpoints/checkpoint";
import { folderStore } from "../../checkpoints/checkpointFiles";
import { nameOf } from "../../errors";
import { type OptionNames, requireNames } from "../../optionNames";
import { given, OptionError, requireOneOf, requireOptions, requireWhole } from "../../options";
import type { Vocabulary } from "../../text/vocabulary";
import { TrainingStopped } from "../stopping";
import type { TrainingCallback, TrainingContext } from "./callback";
import { meanLoss } from "./callback";

/** Options of `checkpoints`: when, and how much of it. The last step is always kept. */
export interface CheckpointsOptions {
  /** Steps from one checkpoint to the next. Default: the last step only. */
  every?: number;
  /**
   * Keep the best step too, as `<name>_best`. "validationLoss": the lowest that a callback recorded,
   * such as `validate` or `earlyStopping`. "loss": the lowest mean training loss of `every` steps, or of
   * an epoch where `every` is left out. Default: not kept.
   */
  best?: "validationLoss" | "loss";
  /** How many checkpoints of this training stay: the latest ones, and the best. Default: all. */
  keep?: number;
  /** What their names begin with: `<name>_<step>`. Default "checkpoint". */
  name?: string;
  /** Goes into each of them, so that a sample needs nothing else. */
  vocabulary?: Vocabulary;
}

const NAMES: OptionNames<CheckpointsOptions> = {
  every: true,
  best: true,
  keep: true,
  name: true,
  vocabulary: true,
};

/**
 * Keeps checkpoints of a training, from which it can go on to the last bit as if it had never stopped:
 * every so many steps, the last step however the training ended, and the best. In a folder they are
 * files, `checkpoint_200.safetensors` and `checkpoint_best.safetensors`. It may stand anywhere among
 * the callbacks: a checkpoint is made when all of them have seen the step. Nothing refuses a second training
 * into the same folder, which takes the place of the first one's files; the command `karenina train` does.
 *
 * @param place a folder, made where missing, or a store of your own
 * @throws OptionError for an option out of range
 *
 * @example
 * await train(model, batches, { epochs: 5, callbacks: [checkpoints("run-1", { every: 200, vocabulary })] });
 * await train(model, batches, { epochs: 9, resume: loadCheckpoint(latestCheckpoint("run-1")) });
 */
export function checkpoints(
  place: string | CheckpointStore,
  options: CheckpointsOptions = {},
): TrainingCallback {
  requireNames("checkpoints", options, NAMES);
  const store = requireStore(place, options);
  checkOptions(options);
  const { every, best: measure, keep = Number.POSITIVE_INFINITY, name = "checkpoint" } = options;
  let lastKept = 0;
  let best = Number.POSITIVE_INFINITY;
  let kept: string[] = [];
  let hasFailed = false;

  const save = async (as: string, context: TrainingContext) => {
    try {
      await store.save(as, { ...context.checkpoint(), vocabulary: options.vocabulary });
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  const keepBest = async (context: TrainingContext, epochEnds: boolean) => {
    const value = judge(context.history, epochEnds, options);
    if (!(value < best)) {
      return;
    }
    best = value;
    await save(`${name}_best`, context);
  };
  /** Keeps the state after the last step, once. */
  const keepStep = async (context: TrainingContext) => {
    const { step } = context;
    if (step === lastKept || step === 0) {
      return;
    }
    const as = `${name}_${step}`;
    await save(as, context);
    lastKept = step;
    kept = [...kept.filter((each) => each !== as), as];
    while (kept.length > keep) {
      await store.remove!(kept.shift()!);
    }
  };

  return {
    onTrainBegin({ step, history }) {
      lastKept = step;
      best = Number.POSITIVE_INFINITY;
      kept = [];
      hasFailed = false;
      for (let rows = 1; measure && rows <= history.length; rows++) {
        const ends = rows < history.length && history[rows].epoch !== history[rows - 1].epoch;
        best = Math.min(best, judge(history.slice(0, rows), ends, options));
      }
    },
    async onSettled(moment, context) {
      // Where the disk is full, the next try would find it so too.
      if (hasFailed) {
        return;
      }
      if (moment === "end") {
        await keepStep(context);
        const { step, error } = context;
        if (error instanceof TrainingStopped && step > 0) {
          error.goesOnFrom(store.placeOf?.(`${name}_${step}`) ?? `${name}_${step}`);
        }
        return;
      }
      await keepBest(context, moment === "epoch");
      // At an epoch's end a callback may have recorded something since the step was kept.
      if (moment === "epoch") {
        lastKept = -1;
      } else if (every && context.step % every === 0) {
        await keepStep(context);
      }
    },
  };
}

/** What the last row's step is judged by; infinite where it is not. */
function judge(
  history: readonly HistoryRow[],
  epochEnds: boolean,
  { best, every }: CheckpointsOptions,
): number {
  const last = history.at(-1);
  if (!best || !last) {
    return Number.POSITIVE_INFINITY;
  }
  if (best === "validationLoss") {
    return last.validationLoss ?? Number.POSITIVE_INFINITY;
  }
  if (every ? last.step % every !== 0 : !epochEnds) {
    return Number.POSITIVE_INFINITY;
  }
  return meanLoss(
    every ? history.slice(-every) : history.filter(({ epoch }) => epoch === last.epoch),
  );
}

function requireStore(place: unknown, { keep }: CheckpointsOptions): CheckpointStore {
  if (typeof place === "string" && place !== "") {
    return folderStore(place);
  }
  const { save, remove } = (place ?? {}) as Record<string, unknown>;
  const fits = typeof save === "function" && (keep === undefined || typeof remove === "function");
  if (fits) {
    return place as CheckpointStore;
  }
  throw new OptionError(
    `checkpoints was given ${nameOf(place)} as its place, but needs a folder, checkpoints("run-1"), or a ` +
      "store: an object with save(name, checkpoint), and for the option keep with remove(name).",
  );
}

function checkOptions({ every, best, keep, name }: CheckpointsOptions): void {
  requireWhole(given({ "every of checkpoints": every, "keep of checkpoints": keep }));
  requireOneOf(given({ "best of checkpoints": best }), ["validationLoss", "loss"]);
  const isText = (text: unknown) => typeof text === "string" && text !== "";
  const expected = 'what the names begin with, such as "run"';
  requireOptions(given({ "name of checkpoints": name }), isText, expected);
}
