import type { DataFrame } from "danfojs-node";
import seedrandom from "seedrandom";
import { chosenSeed, random } from "../engine/random";
import { type OptionNames, requireNames } from "../optionNames";
import { requireOptions } from "../options";
import { cellsOf, type Frame, FrameError, isMissing, rowsOf } from "./frame";
import { makeFrame } from "./makeFrame";

export interface SplitOptions {
  /** The share of the rows that choices are made by, between 0 and 1; 0 for none. Default 0.15. */
  validation?: number;
  /** The share that stays shut until the end; 0 for none. Default 0.15. */
  test?: number;
  /** A column whose categories are to occur in all parts as often as in the whole. */
  stratify?: string;
  /**
   * Any integer or text, for parts that do not depend on what was drawn before; KARENINA_SEED, where
   * set, changes them, as those of `setSeed`. Default: the generator that `setSeed` sets.
   */
  seed?: number | string;
}

const NAMES: OptionNames<SplitOptions> = {
  validation: true,
  test: true,
  stratify: true,
  seed: true,
};

/** All rows, mixed: what a split without other parts gives. */
export interface TrainingFrame {
  training: DataFrame;
}

/** Two parts that have no row in common. */
export interface TwoFrames extends TrainingFrame {
  test: DataFrame;
}

/** Two parts that have no row in common, where the test data lie elsewhere. */
export interface TrainingAndValidation extends TrainingFrame {
  validation: DataFrame;
}

/** Three parts that have no row in common. */
export interface SplitFrames extends TwoFrames {
  validation: DataFrame;
}

/**
 * Deals the rows out at random to three parts. The same seed gives the same parts: the
 * one passed here, or that of `setSeed`. Rows keep their
 * names, so that one can look where they went.
 *
 * With `stratify` each category is dealt out by itself: a part has as many of its rows as its share
 * says, give or take two. A part whose share is 0 is left out: with `validation: 0` there are two parts,
 * and no `validation` among them.
 *
 * @throws FrameError for shares above 0 that leave a part without rows, or a missing category
 *
 * @example
 * const { training, validation, test } = splitFrame(penguins, { stratify: "species" });
 *
 * @example
 * const { training, test } = splitFrame(penguins, { validation: 0, test: 0.25 });
 */
export function splitFrame(
  frame: Frame,
  options: SplitOptions & { validation: 0; test: 0 },
): TrainingFrame;
export function splitFrame(frame: Frame, options: SplitOptions & { validation: 0 }): TwoFrames;
export function splitFrame(
  frame: Frame,
  options: SplitOptions & { test: 0 },
): TrainingAndValidation;
export function splitFrame(frame: Frame, options?: SplitOptions): SplitFrames;
export function splitFrame(frame: Frame, options: SplitOptions = {}): TrainingFrame {
  requireNames("splitFrame", options, NAMES, { Thrown: FrameError });
  const { validation = 0.15, test = 0.15, stratify, seed } = options;
  const isNumber = (share: unknown) => typeof share === "number";
  requireOptions({ validation, test }, isNumber, "a share of the rows, a number", {
    Thrown: FrameError,
  });
  const rows = rowsOf(frame);
  const sizes = sizesOf(rows.length, validation, test);
  const draw = seed === undefined ? random : seedrandom.alea(chosenSeed(seed));
  let order = shuffled(
    rows.map((_, r) => r),
    draw,
  );
  if (stratify !== undefined) {
    order = byCategory(order, frame, stratify);
  }
  // Every so many rows of the order one is taken: so each category gives its share.
  const [testRows, others] = takeEvenly(order, sizes.test);
  const [validationRows, trainingRows] = takeEvenly(others, sizes.validation);
  const part = (chosen: number[]) => {
    const mixed = shuffled(chosen, draw);
    return makeFrame(
      mixed.map((r) => rows[r]),
      { columns: frame.columns, index: mixed.map((r) => frame.index[r]) },
    );
  };
  // The parts are mixed in this order, so that a seed gives the same ones as ever.
  return {
    training: part(trainingRows),
    ...(validation === 0 ? {} : { validation: part(validationRows) }),
    ...(test === 0 ? {} : { test: part(testRows) }),
  };
}

function sizesOf(count: number, validation: number, test: number) {
  const sizes = { validation: Math.round(count * validation), test: Math.round(count * test) };
  const training = count - sizes.validation - sizes.test;
  if (
    !(sizes.validation >= 1 || validation === 0) ||
    !(sizes.test >= 1 || test === 0) ||
    !(training >= 1)
  ) {
    throw new FrameError(
      `Of ${count} rows, the shares validation: ${validation} and test: ${test} leave ${training} for ` +
        `training, ${sizes.validation} for validation and ${sizes.test} for the test; each part needs at ` +
        "least one. Choose shares between 0 and 1 whose sum is below 1, or take more rows; a share of 0 " +
        "leaves validation or test out.",
    );
  }
  return sizes;
}

/** Fisher and Yates's shuffle of a copy. */
function shuffled(list: readonly number[], random: () => number): number[] {
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}

function byCategory(order: readonly number[], frame: Frame, column: string): number[] {
  const cells = cellsOf(frame, column);
  const missing = cells.findIndex(isMissing);
  if (missing >= 0) {
    throw new FrameError(
      `Row ${frame.index[missing]} has no "${column}" to stratify by. Drop such rows by dropMissing() first.`,
    );
  }
  const groups = new Map<unknown, number[]>();
  for (const row of order) {
    const group = groups.get(cells[row]);
    if (group) {
      group.push(row);
    } else {
      groups.set(cells[row], [row]);
    }
  }
  return [...groups.values()].flat();
}

/** So many elements of the list, evenly spread over it, and the others. */
function takeEvenly(list: readonly number[], size: number): [taken: number[], others: number[]] {
  const taken: number[] = [];
  const others: number[] = [];
  list.forEach((element, i) => {
    const before = Math.floor((i * size) / list.length);
    const after = Math.floor(((i + 1) * size) / list.length);
    (after > before ? taken : others).push(element);
  });
  return [taken, others];
}
