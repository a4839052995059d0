// The library's table of contents, in reading order. What is not named here is no part of its interface.
import "./node";

// Checkpoints, and the files of other programs.
export {
  type CallbackState,
  type Checkpoint,
  CheckpointError,
  type CheckpointStore,
  type HistoryRow,
} from "./checkpoints/checkpoint";
export {
  type CheckpointFile,
  latestCheckpoint,
  listCheckpoints,
  loadCheckpoint,
  loadModel,
  saveCheckpoint,
  saveModel,
} from "./checkpoints/checkpointFiles";
export {
  type CheckpointParts,
  checkpointOf,
  modelFromCheckpoint,
  restoreModel,
} from "./checkpoints/modelState";
export { type Address, type AddressesOptions, loadAddresses } from "./datasets/addresses";
export type { DataOptions } from "./datasets/dataOptions";
// Data sets, fetched once and verified by their hashes.
export {
  type DataSetSummary,
  fetchDataSet,
  listDataSets,
  loadFile,
  loadTable,
  loadText,
  type TableFile,
  type TextFile,
} from "./datasets/dataSets";
export { type LabelledImages, loadMnist, type MnistOptions } from "./datasets/mnist";
// Display: tables, progress and figures that change while a network trains.
export {
  type DisplayOptions,
  type DisplayTarget,
  display,
  displayTo,
  type MimeBundle,
} from "./display/display";
export {
  type LiveHistory,
  type LiveHistoryOptions,
  type LiveOptions,
  type LiveTraining,
  type LiveTrainingOptions,
  live,
  liveHistory,
  type Progress,
  progress,
} from "./display/live";
export { type ShowOptions, show } from "./display/show";
export { preformatted, type TableOptions, table } from "./display/table";
export { type FrameLike, TableError, type TableRows, type TableSource } from "./display/tableGrid";
export { type TextHeatMapOptions, textHeatMap } from "./display/textHeatMap";
export { random, randomInteger, randomNormal, setSeed } from "./engine/random";
// Start: which TensorFlow runs, and the one seed that governs all chance.
export { type BackendDescription, ready, tf } from "./engine/tensorflow";
// Examples: rows of numbers, images and labels.
export {
  type Examples,
  type LabelledPoints,
  type MoonsOptions,
  makeMoons,
  shuffledBatches,
} from "./examples/examples";
export { type IdxArray, parseIdx } from "./examples/idx";
export {
  type BarOptions,
  type BarsOptions,
  barFigure,
  frequencyFigure,
  probabilityFigure,
} from "./figures/bars";
export {
  type ComputationGraph,
  type ComputationGraphOptions,
  computationGraphFigure,
  type GraphNode,
} from "./figures/computationGraph";
export { type DecisionBoundaryOptions, decisionBoundaryFigure } from "./figures/decisionBoundary";
export type { Drawing } from "./figures/drawing";
// Figures: numbers in, a figure of Plotly out.
export { type Figure, FigureError, palette } from "./figures/figure";
export type { OptimizerPath } from "./figures/grid";
export { type Grid, type GridOptions, type GridValues, grid, type Range } from "./figures/grid";
export {
  type ConfusionMatrixOptions,
  confusionMatrixFigure,
  type HeatMapOptions,
  heatMapFigure,
} from "./figures/heatMap";
export { type HistogramOptions, histogramFigure } from "./figures/histogram";
export {
  type HistoryAxis,
  type HistoryFigureRow,
  type HistoryOptions,
  type HistoryPanel,
  type HistoryRowWithGaps,
  historyFigure,
} from "./figures/history";
export { type ImageGridOptions, imageGridFigure } from "./figures/imageGrid";
export {
  type GradientNormOptions,
  gradientNormFigure,
  type LineOptions,
  lineFigure,
  type SchedulesOptions,
  schedulesFigure,
} from "./figures/lines";
export {
  type LossSurfaceOptions,
  lossSurfaceFigure,
  type SurfaceToDraw,
} from "./figures/lossSurface";
export { modelGraph } from "./figures/modelGraph";
export {
  formatNumber,
  type NamedNumbers,
  type NamedNumbersWithGaps,
  type NumbersWithGaps,
} from "./figures/numbers";
export {
  type ParallelCoordinatesOptions,
  parallelCoordinatesFigure,
  type SearchRun,
} from "./figures/parallelCoordinates";
export type { Points } from "./figures/points";
export { type ScatterOptions, scatterFigure } from "./figures/points";
export type { References } from "./figures/references";
export { type RunsOptions, runsFigure } from "./figures/runs";
export { type UnfoldedRnnOptions, unfoldedRnnFigure } from "./figures/unfoldedRnn";
export {
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
} from "./formats/readSafetensors";
export { TensorFileError } from "./formats/safetensorsHeader";
export type { SafetensorsType } from "./formats/safetensorsValues";
// Models: layers, losses, and builders of whole networks.
export * as layers from "./layers";
export {
  huber,
  meanAbsoluteError,
  meanSquaredError,
  type RegressionLoss,
  sparseSoftmaxCrossEntropy,
} from "./losses/losses";
export { type CharRnnOptions, charRnn } from "./models/charRnn";
export {
  type MlpOptions,
  mlp,
  type SequenceClassifierOptions,
  sequenceClassifier,
} from "./models/classifiers";
export { ModelOptionError } from "./models/modelOption";
export { PRETRAINED, pretrainedFile } from "./models/pretrained";
export {
  type CharRnnFromPyTorchOptions,
  charRnnFromPyTorch,
  type PyTorchOptions,
  setPyTorchState,
} from "./models/pytorch";
export { type StateDict, StateDictError, type StateTensor } from "./models/stateDict";
export { argmax, draw, keepTopN, pickTopN, SamplingError, softmax } from "./sampling/pick";
export type { SampleSource } from "./sampling/sample";
// Sampling: a network writes, says what it expects, and is scored on a text.
export { type SampleOptions, sample, sampleSymbols } from "./sampling/sample";
export { type Score, type ScoreOptions, score } from "./sampling/score";
export {
  createStepper,
  readActivations,
  type Stepper,
  type TrackingUnit,
  trackingUnit,
} from "./sampling/stepper";
// Search for hyperparameters.
export {
  bestTrial,
  type Configuration,
  gridSearch,
  logUniform,
  type Objective,
  randomSearch,
  SearchError,
  type SearchOptions,
  type SearchRange,
  type SearchSpace,
  type Trial,
  uniform,
} from "./search/search";
export {
  BatchError,
  countBatches,
  countSequenceBatches,
  getBatches,
  type SequenceBatch,
  type SequenceBatchOptions,
  sequenceBatches,
} from "./text/batches";
export type { Part } from "./text/corpus";
export { Corpus } from "./text/corpus";
export { type PreprocessOptions, preprocess } from "./text/corpusWriter";
export { DataError, type DataErrorCode } from "./text/dataError";
export { type NgramOptions, ngramLoss } from "./text/ngram";
export {
  type CleanOptions,
  cleanText,
  type TextSource,
  textFile,
  textInMemory,
} from "./text/sourceText";
// Texts: characters to codes, codes to batches of sequences, the loss that counting alone reaches, and corpora too large for memory.
export { Vocabulary, VocabularyError } from "./text/vocabulary";
export type { Batch, Batches, BatchValues } from "./training/batch";
export type {
  CallbackAnswer,
  Measurements,
  SettledMoment,
  TrainingCallback,
  TrainingContext,
  TrainingControl,
} from "./training/callbacks/callback";
export { type CheckpointsOptions, checkpoints } from "./training/callbacks/checkpoints";
export {
  type EarlyStopping,
  type EarlyStoppingOptions,
  earlyStopping,
} from "./training/callbacks/earlyStopping";
export {
  type ReduceOnPlateau,
  type ReduceOnPlateauOptions,
  reduceOnPlateau,
} from "./training/callbacks/reduceOnPlateau";
export {
  type FollowOptions,
  follow,
  type TrainingDisplay,
  type UpdateRatioOptions,
  updateRatios,
  type ValidateOptions,
  validate,
  type WriteSamples,
  type WriteSamplesOptions,
  writeSamples,
} from "./training/callbacks/watching";
export { accuracy, type EvaluateOptions, evaluate } from "./training/evaluate";
export { clipByGlobalNorm, clipByValue } from "./training/gradients";
export type { Loss } from "./training/loss";
export type { Optimizer, OptimizerConfig, OptimizerState } from "./training/optimizers/optimizer";
export {
  type AdadeltaOptions,
  type AdagradOptions,
  type AdamOptions,
  adadelta,
  adagrad,
  adam,
  adamW,
  type MomentumOptions,
  momentum,
  nesterov,
  optimizerFromConfig,
  type RmsPropOptions,
  rmsProp,
  sgd,
} from "./training/optimizers/rules";
export type { CheckpointOptions, TrainOptions } from "./training/options";
export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  mapSchedule,
  type Schedule,
  ScheduleError,
  stepSchedule,
} from "./training/schedules";
export { EmptyEpochError, NotFiniteError, TrainingStopped } from "./training/stopping";
// Training: the loop, its optimizers and learning rates, and what may watch it.
export { train } from "./training/train";
