// Not exported by the library's index: danfojs takes a second to load, and its types as long to check.
import "../node";

export { type ColumnType, type CsvOptions, missingMarks } from "./csvOptions";
export { type ColumnSummary, describe } from "./describe";
export { type Cell, type Frame, FrameError, isMissing } from "./frame";
export { type Aggregate, type GroupByOptions, type Groups, groupBy } from "./groupBy";
export {
  type DropMissingOptions,
  dropMissing,
  type Fill,
  type FillMissingOptions,
  fillMissing,
} from "./missing";
export { type OneHotEncoder, oneHotEncoder } from "./oneHotEncoder";
export { type CsvText, readCsv } from "./readCsv";
export {
  type SplitFrames,
  type SplitOptions,
  splitFrame,
  type TrainingAndValidation,
  type TrainingFrame,
  type TwoFrames,
} from "./splitFrame";
export { type StandardScaler, standardScaler } from "./standardScaler";
export { type ToCsvOptions, toCsv, writeCsv } from "./toCsv";
export { type ToTensorsOptions, toTensors } from "./toTensors";
