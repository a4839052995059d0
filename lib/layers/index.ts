export { Dense, type DenseOptions, dense } from "./dense";
export { Dropout, type DropoutOptions, dropout } from "./dropout";
export { Embedding, type EmbeddingOptions, embedding } from "./embedding";
export { GRU, type GruOptions, gru } from "./gru";
export { LSTM, type LstmOptions, lstm } from "./lstm";
export { OneHot, type OneHotOptions, oneHot } from "./oneHot";
export {
  getPyTorchWeights,
  type NumericArray,
  type PyTorchParameters,
  setPyTorchWeights,
} from "./pytorch";
export { RecurrentLayer } from "./recurrentLayer";
export type { RecurrentOptions } from "./recurrentWeights";
export { SimpleRNN, simpleRNN } from "./simpleRnn";
