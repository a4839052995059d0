// Not exported by the library's index: danfojs takes a second to load, and its types as long to check.
export { type ColumnSummary, describe } from "./describe";
export { type Cell, type Frame, FrameError, isMissing } from "./frame";
export {
  type DropMissingOptions,
  dropMissing,
  type Fill,
  type FillMissingOptions,
  fillMissing,
} from "./missing";
export { type OneHotEncoder, oneHotEncoder } from "./oneHotEncoder";
export { type CsvOptions, type CsvText, readCsv } from "./readCsv";
export { type SplitFrames, type SplitOptions, splitFrame } from "./splitFrame";
export { type StandardScaler, standardScaler } from "./standardScaler";
export { type ToTensorsOptions, toTensors } from "./toTensors";
