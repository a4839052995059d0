import { Embedding, OneHot } from "./embedding";
import { Dense, Dropout } from "./feedForward";
import { GRU, LSTM, SimpleRNN } from "./recurrent";

export {
  Embedding,
  type EmbeddingOptions,
  embedding,
  OneHot,
  type OneHotOptions,
  oneHot,
} from "./embedding";
export {
  Dense,
  type DenseOptions,
  Dropout,
  type DropoutOptions,
  dense,
  dropout,
} from "./feedForward";
export {
  getPyTorchWeights,
  type NumericArray,
  type PyTorchParameters,
  setPyTorchWeights,
} from "./pytorch";
export {
  GRU,
  type GruOptions,
  gru,
  LSTM,
  type LstmOptions,
  lstm,
  SimpleRNN,
  simpleRNN,
} from "./recurrent";
export { RecurrentLayer } from "./recurrentLayer";
export type { RecurrentOptions } from "./recurrentWeights";

/** The classes by whose names a saved network is read. */
export const layerClasses = [Dense, Dropout, Embedding, GRU, LSTM, OneHot, SimpleRNN] as const;
