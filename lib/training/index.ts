export * from "./accuracy";
export type { Batch, Batches, BatchValues } from "./batch";
export { batchesOfEpoch, toTensor } from "./batch";
export * from "./callbacks";
export { type Checkpoint, CheckpointError, modelFromCheckpoint, restoreModel } from "./checkpoint";
export * from "./checkpointFiles";
export * from "./clipping";
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./earlyStopping";
export { EmptyEpochError } from "./emptyEpochError";
export * from "./evaluate";
export type { HistoryRow } from "./history";
export { NotFiniteError } from "./notFinite";
export * from "./optimizers";
export * from "./options";
export * from "./readSafetensors";
export {
  type ReduceOnPlateau,
  type ReduceOnPlateauOptions,
  reduceOnPlateau,
} from "./reduceOnPlateau";
export { TensorFileError } from "./safetensorsHeader";
export * from "./schedules";
export { TrainingStopped } from "./stopping";
export * from "./train";
