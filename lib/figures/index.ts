export {
  type BarOptions,
  type BarsOptions,
  barFigure,
  frequencyFigure,
  probabilityFigure,
} from "./bars";
export {
  type ComputationGraph,
  type ComputationGraphOptions,
  computationGraphFigure,
  type GraphNode,
} from "./computationGraph";
export { type DecisionBoundaryOptions, decisionBoundaryFigure } from "./decisionBoundary";
export type { Drawing } from "./drawing";
export { type Figure, FigureError, palette } from "./figure";
export type { OptimizerPath } from "./grid";
export { type Grid, type GridOptions, type GridValues, grid, type Range } from "./grid";
export {
  type ConfusionMatrixOptions,
  confusionMatrixFigure,
  type HeatMapOptions,
  heatMapFigure,
} from "./heatMap";
export { type HistogramOptions, histogramFigure } from "./histogram";
export {
  type HistoryAxis,
  type HistoryFigureRow,
  type HistoryOptions,
  type HistoryPanel,
  type HistoryRowWithGaps,
  historyFigure,
} from "./history";
export { type ImageGridOptions, imageGridFigure } from "./imageGrid";
export {
  type GradientNormOptions,
  gradientNormFigure,
  type LineOptions,
  lineFigure,
  type SchedulesOptions,
  schedulesFigure,
} from "./lines";
export { type LossSurfaceOptions, lossSurfaceFigure, type SurfaceToDraw } from "./lossSurface";
export type { NamedNumbers, NamedNumbersWithGaps, NumbersWithGaps } from "./numbers";
export {
  type ParallelCoordinatesOptions,
  parallelCoordinatesFigure,
  type SearchRun,
} from "./parallelCoordinates";
export type { Points } from "./points";
export { type ScatterOptions, scatterFigure } from "./points";
export type { References } from "./references";
export { type RunsOptions, runsFigure } from "./runs";
export { type UnfoldedRnnOptions, unfoldedRnnFigure } from "./unfoldedRnn";
