import { Dense } from "./dense";
import { Dropout } from "./dropout";
import { Embedding } from "./embedding";
import { GRU } from "./gru";
import { LSTM } from "./lstm";
import { OneHot } from "./oneHot";
import { SimpleRNN } from "./simpleRnn";

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

/** The classes by whose names a saved network is read. */
export const layerClasses = [Dense, Dropout, Embedding, GRU, LSTM, OneHot, SimpleRNN] as const;
