export { type BarsOptions, frequencyFigure, probabilityFigure } from "./bars";
export { type Figure, FigureError, palette } from "./figure";
export {
  type HistoryAxis,
  type HistoryFigureRow,
  type HistoryOptions,
  type HistoryPanel,
  historyFigure,
} from "./history";
export type { References } from "./references";
export { type RunsOptions, runsFigure } from "./runs";
