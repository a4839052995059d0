// The library's table of contents, in reading order. What is not named here is no part of its interface.
// biome-ignore-all assist/source/organizeImports: the order is that of reading, not of the alphabet

// Opens the doors of the machine; a browser's bundle has web.ts in its place.
import "./node";

// Start: which TensorFlow runs, the one seed that governs all chance, and what every error is.
export { type BackendDescription, ready } from "./engine/tensorflow";
export { tf } from "./layers/registered";
export { random, randomInteger, randomNormal, setSeed } from "./engine/random";
export { KareninaError } from "./errors";
export { OptionError } from "./options";

// Texts: characters to codes, codes to batches of sequences, the loss that counting alone reaches, and corpora larger than memory.
export { Vocabulary, VocabularyError } from "./text/vocabulary";
export {
  BatchError,
  countSequenceBatches,
  type SequenceBatch,
  sequenceBatches,
  type SequenceBatchOptions,
} from "./text/batches";
export { ngramLoss, type NgramOptions } from "./text/ngram";
export { NgramModel, type NgramModelOptions, type NgramScore, ngramModel } from "./text/ngramModel";
export { Corpus } from "./text/corpus";
export type { Part } from "./text/corpusHeader";
export { preprocess, type PreprocessOptions } from "./text/corpusWriter";
export { DataError, type DataErrorCode } from "./text/dataError";
export {
  type CleanOptions,
  cleanText,
  textFile,
  textInMemory,
  type TextSource,
} from "./text/sourceText";

// Examples: rows of numbers, images and labels.
export {
  type Examples,
  type LabelledPoints,
  makeMoons,
  type MoonsOptions,
  shuffledBatches,
} from "./examples/examples";
export { type IdxArray, parseIdx } from "./examples/idx";

// Data sets, fetched once and verified by their hashes.
export { type Address, type AddressesOptions, loadAddresses } from "./datasets/addresses";
export type { DataOptions } from "./datasets/dataOptions";
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

// Models: layers, losses, and builders of whole networks.
export * as layers from "./layers";
export {
  huber,
  meanAbsoluteError,
  meanSquaredError,
  type RegressionLoss,
  sparseSoftmaxCrossEntropy,
} from "./losses/losses";
export { charRnn, type CharRnnOptions } from "./models/charRnn";
export { transformer, type TransformerOptions } from "./models/transformer";
export {
  mlp,
  type MlpOptions,
  sequenceClassifier,
  type SequenceClassifierOptions,
} from "./models/classifiers";
export { PRETRAINED, pretrainedFile } from "./models/pretrained";
export {
  charRnnFromPyTorch,
  type CharRnnFromPyTorchOptions,
  type PyTorchOptions,
  setPyTorchState,
} from "./models/pytorch";
export { type StateDict, StateDictError, type StateTensor } from "./models/stateDict";

// Training: the loop, its optimizers and learning rates, and what may watch it.
export { train } from "./training/train";
export type { CheckpointOptions, TrainOptions } from "./training/options";
export type { Batch, Batches, BatchValues } from "./training/batch";
export { accuracy, evaluate, type EvaluateOptions } from "./training/evaluate";
export {
  adadelta,
  type AdadeltaOptions,
  adagrad,
  type AdagradOptions,
  adam,
  type AdamOptions,
  adamW,
  optimizerFromConfig,
  rmsProp,
  type RmsPropOptions,
  sgd,
  type SgdOptions,
} from "./training/optimizers/rules";
export type {
  CallbackAnswer,
  Measurements,
  SettledMoment,
  TrainingCallback,
  TrainingContext,
  TrainingControl,
} from "./training/callbacks/callback";
export { checkpoints, type CheckpointsOptions } from "./training/callbacks/checkpoints";
export {
  earlyStopping,
  type EarlyStopping,
  type EarlyStoppingOptions,
} from "./training/callbacks/earlyStopping";
export {
  reduceOnPlateau,
  type ReduceOnPlateau,
  type ReduceOnPlateauOptions,
} from "./training/callbacks/reduceOnPlateau";
export {
  follow,
  type FollowOptions,
  type TrainingDisplay,
  type UpdateRatioOptions,
  updateRatios,
  validate,
  type ValidateOptions,
  type WriteSamples,
  writeSamples,
  type WriteSamplesOptions,
} from "./training/callbacks/watching";
export { clipByGlobalNorm, clipByValue } from "./training/gradients";
export type { Loss } from "./training/loss";
export type { Optimizer, OptimizerConfig, OptimizerState } from "./training/optimizers/optimizer";
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
  checkpointOf,
  type CheckpointParts,
  modelFromCheckpoint,
  restoreModel,
} from "./checkpoints/modelState";
export {
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
} from "./formats/readSafetensors";
export { TensorFileError } from "./formats/safetensorsHeader";
export type { SafetensorsType } from "./formats/safetensorsValues";

// Sampling: a network writes, says what it expects, and is scored on a text.
export { sample, type SampleOptions, type SampleSource, sampleSymbols } from "./sampling/sample";
export {
  argmax,
  keepTopK,
  keepTopP,
  pickTopK,
  sampleFrom,
  SamplingError,
  softmax,
} from "./sampling/pick";
export { type Beam, beamSearch, type BeamSearchOptions } from "./sampling/beamSearch";
export { score, type Score, type ScoreOptions } from "./sampling/score";
export { readAttention } from "./sampling/attention";
export {
  createStepper,
  readActivations,
  trackingUnit,
  type TrackingUnit,
} from "./sampling/stepper";
export type { Stepper } from "./engine/engine";

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

// Display: tables, progress, and figures that change while a network trains.
export { display, displayTo } from "./display/display";
export {
  live,
  liveHistory,
  type LiveHistory,
  type LiveHistoryOptions,
  type LiveOptions,
  type LiveTraining,
  type LiveTrainingOptions,
  progress,
  type Progress,
} from "./display/live";
export { show, type ShowOptions } from "./display/show";
export { preformatted, table, type TableOptions } from "./display/table";
export { type FrameLike, TableError, type TableRows, type TableSource } from "./display/tableGrid";
export { textHeatMap, type TextHeatMapOptions } from "./display/textHeatMap";
export type { Comm, CommParts, DisplayOptions, DisplayTarget, MimeBundle } from "./host/host";

// Controls: what readers of a notebook move and press while cells run.
export { type Button, button } from "./display/widgets/button";
export type { Control } from "./display/widgets/control";
export { select, slider, type SliderOptions, text, toggle } from "./display/widgets/controls";
export { interact, type Interaction, type Interactive } from "./display/widgets/interact";
export { type Anywidget, anywidget, type AnywidgetOptions } from "./display/widgets/anywidget";

// Figures: numbers in, a figure of Plotly out.
export { type Figure, FigureError, palette } from "./figures/figure";
export { type BarsOptions, frequencyFigure, probabilityFigure } from "./figures/bars";
export { barFigure, type BarOptions } from "./figures/groupedBars";
export {
  type ComputationGraph,
  computationGraphFigure,
  type ComputationGraphOptions,
  type GraphNode,
} from "./figures/computationGraph";
export { decisionBoundaryFigure, type DecisionBoundaryOptions } from "./figures/decisionBoundary";
export type { Drawing } from "./figures/drawing";
export {
  grid,
  type Grid,
  type GridOptions,
  type GridValues,
  type OptimizerPath,
  type Range,
} from "./figures/grid";
export { heatMapFigure, type HeatMapOptions } from "./figures/heatMap";
export { confusionMatrixFigure, type ConfusionMatrixOptions } from "./figures/confusionMatrix";
export { histogramFigure, type HistogramOptions } from "./figures/histogram";
export {
  type HistoryAxis,
  historyFigure,
  type HistoryFigureRow,
  type HistoryOptions,
  type HistoryPanel,
  type HistoryRowWithGaps,
} from "./figures/history";
export { imageGridFigure, type ImageGridOptions } from "./figures/imageGrid";
export {
  lineFigure,
  type LineOptions,
  schedulesFigure,
  type SchedulesOptions,
} from "./figures/lines";
export { gradientNormFigure, type GradientNormOptions } from "./figures/gradientNorm";
export {
  lossSurfaceFigure,
  type LossSurfaceOptions,
  type SurfaceToDraw,
} from "./figures/lossSurface";
export { lossReliefFigure, type LossReliefOptions } from "./figures/lossRelief";
export { modelGraph } from "./figures/modelGraph";
export { formatNumber } from "./figures/numberFormat";
export type { NamedNumbers, NamedNumbersWithGaps, NumbersWithGaps } from "./figures/numbers";
export {
  parallelCoordinatesFigure,
  type ParallelCoordinatesOptions,
  type SearchRun,
} from "./figures/parallelCoordinates";
export { type Points, scatterFigure, type ScatterOptions } from "./figures/points";
export type { References } from "./figures/references";
export { runsFigure, type RunsOptions } from "./figures/runs";
export { unfoldedRnnFigure, type UnfoldedRnnOptions } from "./figures/unfoldedRnn";
export {
  type DrawnCell,
  recurrentCellFigure,
  type RecurrentCellOptions,
} from "./figures/recurrentCell";

// Other machines: the doors through which the library reaches the one that it runs on.
export { type Host, host, registerHost } from "./host/host";
export { webFetcher, type WebFetcherOptions } from "./host/web/fetcher";

// Names of former versions, which say once what to write in their place.
export {
  /** @deprecated `OptionError` */
  OptionError as ModelOptionError,
} from "./options";
export { countBatches, getBatches } from "./text/batches";
export { momentum, type MomentumOptions, nesterov } from "./training/optimizers/rules";
export { draw, keepTopN, pickTopN } from "./sampling/pick";
