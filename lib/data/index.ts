export { type Address, type AddressesOptions, loadAddresses } from "./addresses";
export * from "./batches";
export { type CleanOptions, cleanText } from "./clean";
export { Corpus } from "./corpus";
export type { Part } from "./corpusHeader";
export { type TextSource, textFile, textInMemory } from "./corpusText";
export { type PreprocessOptions, preprocess } from "./corpusWriter";
export { DataError, type DataErrorCode } from "./dataError";
export type { DataOptions } from "./dataOptions";
export {
  type DataSetSummary,
  fetchDataSet,
  listDataSets,
  loadFile,
  loadTable,
  type TableFile,
} from "./dataSets";
export { type IdxArray, parseIdx } from "./idx";
export { loadText, type TextFile } from "./loadText";
export { type LabelledImages, loadMnist, type MnistOptions } from "./mnist";
export { type LabelledPoints, type MoonsOptions, makeMoons } from "./moons";
export * from "./ngram";
export { parseRegistry, type Registry } from "./registry";
export { type Examples, shuffledBatches } from "./shuffledBatches";
export * from "./vocabulary";
