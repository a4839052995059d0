export {
  type DisplayOptions,
  type DisplayTarget,
  display,
  displayTo,
  type MimeBundle,
} from "./display";
export {
  type LiveHistory,
  type LiveHistoryOptions,
  type LiveOptions,
  liveHistory,
  type Progress,
  progress,
} from "./live";
export { type LiveTraining, type LiveTrainingOptions, live } from "./liveTraining";
export { byMode, type LessonMode, lessonMode } from "./mode";
export { type ShowOptions, show } from "./show";
export { preformatted, type TableOptions, table } from "./table";
export { type FrameLike, TableError, type TableRows, type TableSource } from "./tableGrid";
export { type TextHeatMapOptions, textHeatMap } from "./textHeatMap";
